import Draft4 from 'ajv-draft-04';
import { type Finding, Report } from '../../../lib/definition/report';
import { ModelRegistry } from '../../../lib/definition/schema';
import { documentInMemory } from './document-in-memory';

export interface Options {
  readonly dialect?: '3.0' | '3.1';
  readonly closed?: boolean;
  readonly emitUnproven?: boolean;
}

export interface CompiledSchema {
  readonly name: string;
  readonly schemas: Record<string, unknown>;
  readonly model: unknown;
  readonly findings: readonly Finding[];
  readonly codes: readonly string[];
  readonly problems: readonly string[];
  readonly accepts: (instance: unknown) => boolean;
}

/** Compiles a schema that is the root of its document; `#/…` refers into it. */
export function compileSchema(schema: unknown, options: Options = {}): CompiledSchema {
  const { dialect = '3.1', closed = false, emitUnproven = false } = options;
  const source = documentInMemory(schema, dialect);
  const report = new Report(source);
  const registry = new ModelRegistry(source, report, { emitUnproven });
  const name = registry.model(source.root, { dialect, closed, operation: 'POST /orders' });
  const { schemas } = registry;

  // made when it is needed, since ajv compiles slowly
  let validate: ((instance: unknown) => boolean) | undefined;
  return {
    name,
    schemas,
    model: schemas[name],
    findings: report.findings,
    codes: report.findings.map(({ code }) => code),
    problems: report.problems.map(({ message }) => message),
    accepts: (instance) => {
      validate ??= judge(schemas, name);
      return validate(instance);
    },
  };
}

/** A validator of draft 4 for one model. */
export function judge(schemas: Record<string, unknown>, name: string): (instance: unknown) => boolean {
  const validator = new Draft4({ strict: false, logger: false, ownProperties: true });
  const validate = validator.compile({
    components: { schemas },
    allOf: [{ $ref: `#/components/schemas/${name}` }],
  });
  return (instance) => validate(instance) === true;
}
