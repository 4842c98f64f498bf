import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = join(__dirname, '..');
const MOST_LINES = 300;

describe('a file is one idea', () => {
  const files = ['bench', 'bin', 'lambda', 'lib', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.split(sep).includes('node_modules'))
      .map((name) => join(folder, name)),
  );
  const linesOf = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1;

  test('and has 300 lines at most', () => {
    const long = files.filter((file) => linesOf(file) > MOST_LINES);

    expect(files).toContain('test/file-length.test.ts');
    expect(long.map((file) => `${file}: ${linesOf(file)} lines`)).toEqual([]);
  });
});
