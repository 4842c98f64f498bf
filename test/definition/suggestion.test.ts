import { choice, listed } from '../../lib/definition/suggestion';
import { GatewayConfigurationError } from '../../lib/errors';
import { compiled, minimalDocument, type OPTIONS } from './minimal-document';

describe('choice', () => {
  test.each<[readonly string[], string]>([
    [[], ''],
    [['a'], 'use "a", or '],
    [['a', 'b', 'c'], 'use "a", "b" or "c", or '],
  ])('of %j is %j', (names, expected) => {
    expect(choice('use', names)).toBe(expected);
  });
});

test('listed says when there is nothing', () => {
  expect(listed([])).toBe('none');
});

describe('the remedy', () => {
  test.each<[string, Record<string, unknown>, Partial<typeof OPTIONS>, string]>([
    ['AUTHENTICATION_WITHOUT_SCHEME', { components: {} }, {}, 'define it there or remove it here'],
    [
      'AUTHENTICATION_WITHOUT_SCHEME',
      {},
      { authentication: ['jwt', 'jvt'] },
      'name it "jwt", or define it there or remove it here',
    ],
    ['UNKNOWN_SCHEME', { components: {} }, {}, 'define it under components.securitySchemes'],
    [
      'UNKNOWN_SCHEME',
      { security: [{ jvt: [] }] },
      {},
      'use "jwt", or define it under components.securitySchemes',
    ],
    ['NO_BACKEND', {}, { backends: [] }, "add one to 'backends'"],
    [
      'NO_BACKEND',
      {},
      { backends: ['a', 'b'] },
      'add \'x-gateway: { backend: <name> }\' with "a" or "b", here or at the root',
    ],
    ['UNKNOWN_BACKEND', { 'x-gateway': { backend: 'order' } }, { backends: [] }, "add it to 'backends'"],
    ['UNKNOWN_BACKEND', { 'x-gateway': { backend: 'order' } }, {}, 'use "orders", or add it to \'backends\''],
    ['PATH_PARAMETER_UNKNOWN', pathWith('/orders'), {}, 'remove the parameter'],
    ['PATH_PARAMETER_UNKNOWN', pathWith('/orders/{no}'), {}, 'name it "no", or remove the parameter'],
  ])(
    'of %s offers what there is to choose from, and nothing else: %j %j',
    (code, changes, options, remedy) => {
      expect(remediesOf(code, changes, options)).toEqual([remedy]);
    },
  );
});

function pathWith(path: string): Record<string, unknown> {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  return { paths: { [path]: { get: { parameters } } } };
}

function remediesOf(
  code: string,
  changes: Record<string, unknown>,
  options: Partial<typeof OPTIONS>,
): string[] {
  try {
    compiled(minimalDocument(changes), options);
  } catch (error) {
    if (!(error instanceof GatewayConfigurationError)) throw error;
    return error.problems.filter((problem) => problem.code === code).map(({ remedy }) => remedy);
  }
  return [];
}
