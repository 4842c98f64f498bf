import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDING_CODES, PROBLEM_CODES } from '../../lib/definition/codes';

const FOLDER = join(__dirname, '../../lib/definition');
const REPORTING =
  /(?:problem|fault|refuse|report)\(\s*(?:path,\s*)?'([A-Z][A-Z0-9_]+)'|code: '([A-Z][A-Z0-9_]+)'/g;
const FOUND = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|CLOSED|UNBOUNDED|SYNTAX|MALFORMED)'/g;

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'codes.ts')
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'));
const known = new Set([...Object.keys(PROBLEM_CODES), ...Object.keys(FINDING_CODES)]);

describe('codes', () => {
  test('are listed, each that is reported', () => {
    const reported = files.flatMap((text) =>
      [...text.matchAll(REPORTING)].map(([, one, other]) => one ?? other),
    );

    expect(reported.length).toBeGreaterThan(60);
    expect(reported.filter((code) => !known.has(String(code)))).toEqual([]);
  });

  test('are reported, each that is listed', () => {
    const written = new Set(files.flatMap((text) => [...text.matchAll(FOUND)].map(([, code]) => code)));

    expect([...known].filter((code) => !written.has(code))).toEqual([]);
  });
});
