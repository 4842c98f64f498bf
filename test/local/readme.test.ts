import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync(join(__dirname, '../../lib/local/README.md'), 'utf8');
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| behaviour') && !line.startsWith('| ---'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const sources = new Map(
  readdirSync(__dirname)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => [name.replace('.test.ts', ''), readFileSync(join(__dirname, name), 'utf8')]),
);

describe('the README of the local gateway', () => {
  test('says of each behaviour where it is from and how sure that is', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((cells) => cells.length !== 4 || cells.some((cell) => cell === ''))).toEqual([]);
    expect(
      rows.filter(([, , certainty = '']) => !/observed|confirmed|inferred|unknown|ours/.test(certainty)),
    ).toEqual([]);
  });

  test.each(rows)('has a test for: %s', (_behaviour, _source, _certainty, test) => {
    const [file = '', ...name] = (test ?? '').split(': ');
    if (name.length === 0) {
      expect(existsSync(join(__dirname, file))).toBe(true);
      return;
    }
    expect(sources.get(file)).toContain(name.join(': '));
  });
});
