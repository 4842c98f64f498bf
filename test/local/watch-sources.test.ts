import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSource, watchSources } from '../../lib/local/watch-sources';

describe('watching the sources of an app', () => {
  test.each([
    ['lib/stack.ts', true],
    ['openapi.yaml', true],
    ['cdk.json', true],
    ['node_modules/yaml/index.js', false],
    ['packages/api/node_modules/yaml/index.js', false],
    ['cdk.out/manifest.json', false],
    ['dist/lambda/authorizer/index.js', false],
    ['.git/index', false],
    ['lib\\.cache\\a.js', false],
  ])('takes %s for a source: %s', (file, expected) => {
    expect(isSource(file)).toBe(expected);
  });

  test('tells of changes close together once, and of a change during the work once more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watch-'));
    let calls = 0;
    let again: () => void = () => {};
    const twice = new Promise<void>((resolve) => {
      again = resolve;
    });
    const watcher = watchSources(folder, async () => {
      calls += 1;
      if (calls === 1) writeFileSync(join(folder, 'openapi.yaml'), 'changed meanwhile');
      else again();
    });

    writeFileSync(join(folder, 'stack.ts'), 'one');
    writeFileSync(join(folder, 'stack.ts'), 'two');
    await twice;

    expect(calls).toBe(2);
    watcher.close();
    rmSync(folder, { recursive: true });
  });
});
