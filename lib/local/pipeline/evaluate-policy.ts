import { isObject, listOf } from '../template/read';

export type PolicyVerdict = 'allow' | 'deny' | 'implicit deny' | 'invalid';

/** What a policy says of invoking one method: an explicit deny wins, and nothing said is a deny. */
export function evaluatePolicy(document: unknown, methodArn: string): PolicyVerdict {
  if (!isObject(document)) return 'invalid';

  const { Statement: statement } = document;
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0 || !statements.every(isStatement)) return 'invalid';

  const applying = statements.filter(
    ({ Action, Resource }) =>
      textList(Action).some((action) => matches(action.toLowerCase(), 'execute-api:invoke')) &&
      textList(Resource).some((resource) => matches(resource, methodArn)),
  );
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'deny';
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allow' : 'implicit deny';
}

/** Longest resource of a policy that an authorizer may answer (aws-facts 5.12). */
const MAXIMUM_RESOURCE = 512;

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: unknown;
  readonly Resource: unknown;
}

function isStatement(value: unknown): value is Statement {
  return (
    isObject(value) &&
    (value['Effect'] === 'Allow' || value['Effect'] === 'Deny') &&
    textList(value['Action']).length > 0 &&
    textList(value['Resource']).length > 0 &&
    textList(value['Resource']).every((resource) => resource.length <= MAXIMUM_RESOURCE) &&
    // conditions are not evaluated here, and ignoring one could let a request through
    value['Condition'] === undefined
  );
}

function textList(value: unknown): readonly string[] {
  return (Array.isArray(value) ? listOf(value) : [value]).filter((item) => typeof item === 'string');
}

/** `*` stands for any characters, `?` for one. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
