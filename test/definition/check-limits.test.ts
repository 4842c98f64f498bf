import { countResources } from '../../lib/definition/check-limits';
import { compiled, compiledPaths, minimalDocument, problemsOf } from './minimal-document';

const paths = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`/things${index}`, { get: {} }]));

describe('countResources', () => {
  test.each<[string[], number]>([
    [['/'], 1],
    [['/a'], 2],
    [['/a', '/a/b', '/a/{x}/c'], 5],
    [['/a/b/c'], 4],
  ])('of %j is %i', (given, expected) => {
    expect(countResources(given)).toBe(expected);
  });
});

describe('checkLimits', () => {
  test('finds that the quota of resources must be raised, with the numbers', () => {
    expect(compiledPaths(paths(299)).findings.map(({ code }) => code)).not.toContain('RESOURCE_QUOTA');
    expect(compiledPaths(paths(300)).findings).toContainEqual(
      expect.objectContaining({
        code: 'RESOURCE_QUOTA',
        message: expect.stringContaining('make 301 resources, the quota of an API is 300'),
      }),
    );
  });

  test('knows a quota that AWS has raised', () => {
    expect(
      compiledPaths(paths(300), { maximumResources: 400 }).findings.map(({ code }) => code),
    ).not.toContain('RESOURCE_QUOTA');
  });

  test('fails with a body no template can hold, with the numbers and the way out', () => {
    const large = minimalDocument({ info: { title: 'x'.repeat(1_000_001), version: '1' } });

    expect(problemsOf(() => compiled(large))).toEqual([
      expect.stringMatching(
        /^TEMPLATE_TOO_LARGE the compiled body has 10\d{5} bytes for 1 operations and 0 models/,
      ),
    ]);
  });
});
