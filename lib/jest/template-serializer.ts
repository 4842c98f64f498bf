import { isTemplate, normalizeTemplate } from './normalize-template';

/** A `Template` of `aws-cdk-lib/assertions`. */
interface Assertions {
  toJSON(): unknown;
}

/**
 * Jest snapshot serializer for templates: `Template.fromStack(stack)`, or its JSON. What the snapshot holds
 * changes only when the gateway does, not with every release of this library or of CDK.
 *
 * @example
 * // jest.config.js
 * module.exports = { snapshotSerializers: ['cdk-secure-api-gateway/jest'] };
 */
export const templateSerializer = {
  test(value: unknown): boolean {
    return isTemplate(jsonOf(value));
  },

  serialize(value: unknown): string {
    const template = jsonOf(value);
    return isTemplate(template) ? JSON.stringify(normalizeTemplate(template), undefined, 2) : '';
  },
};

function jsonOf(value: unknown): unknown {
  return isAssertions(value) ? value.toJSON() : value;
}

function isAssertions(value: unknown): value is Assertions {
  return (
    typeof value === 'object' && value !== null && 'toJSON' in value && value.constructor.name === 'Template'
  );
}
