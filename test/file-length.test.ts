import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const MOST_LINES = 300;

/** Longer than that still: to be split, and taken off this list. */
const TOO_LONG = [
  'test/audit/alarms.test.ts',
  'test/audit/tracer.test.ts',
  'test/edge/web-acl.test.ts',
  'test/lambda/authorizer/handler.test.ts',
  'test/lambda/authorizer/jwt/issuer-keys.test.ts',
  'test/lambda/authorizer/parameters.test.ts',
  'test/secure-api-gateway.test.ts',
];

describe('a file is one idea', () => {
  const files = ['bench', 'bin', 'lambda', 'lib', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const linesOf = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1;

  test('and has 300 lines at most', () => {
    const long = files.filter((file) => !TOO_LONG.includes(file) && linesOf(file) > MOST_LINES);

    expect(files).toContain('test/file-length.test.ts');
    expect(long.map((file) => `${file}: ${linesOf(file)} lines`)).toEqual([]);
  });
});
