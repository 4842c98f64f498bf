import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_LOG_FIELDS } from '../../lib/audit/access-log-format';
import { EXPECTED_ROWS, lookUp, PUBLISHED_ROWS } from './refusal-stages';

const page = readFileSync(join(__dirname, '../../docs/siem.md'), 'utf8');

/** Rows of the table whose head begins so. */
function rowsUnder(head: string): string[][] {
  const [, after = ''] = page.split(`\n${head}`);
  const [table = ''] = after.split('\n\n');
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('the page on SIEMs', () => {
  test('lists every field of the access log, and whose name it is', () => {
    const rows = rowsUnder('| field | what');

    expect(rows.map(([field]) => field)).toEqual(Object.keys(ACCESS_LOG_FIELDS).map((name) => `\`${name}\``));
    for (const [field = '', , of] of rows) {
      expect([field, of === 'gateway']).toEqual([field, field.startsWith('`gateway.')]);
    }
  });

  test('says which stage and code stand behind every reason, as the file for tools does', () => {
    const rows = rowsUnder('| `event.reason` | stage |').map((cells) =>
      cells.map((cell) => cell.replaceAll('`', '')),
    );

    expect(PUBLISHED_ROWS).toEqual(EXPECTED_ROWS);
    expect(rows).toEqual(
      EXPECTED_ROWS.map(({ reason, stage, code }) => [
        reason,
        stage,
        code || expect.stringContaining('not refused'),
      ]),
    );
  });

  test.each([
    ['200 WAF_ALLOW - -', 'none'],
    ['403 WAF_ALLOW - -', 'none'],
    ['403 WAF_BLOCK WAF_FILTERED -', 'firewall'],
    ['429 WAF_BLOCK WAF_FILTERED -', 'rate'],
    ['429 WAF_BLOCK - -', 'rate'],
    ['429 WAF_ALLOW THROTTLED -', 'plan'],
    ['429 WAF_ALLOW THROTTLED RATE_LIMITED', 'limit'],
    ['400 - INVALID_API_KEY CONTRACT_VIOLATION', 'parameters'],
    ['400 - INVALID_API_KEY -', 'plan'],
    ['403 - ACCESS_DENIED CONTRACT_VIOLATION', 'parameters'],
    ['403 - ACCESS_DENIED FORBIDDEN', 'authorization'],
    ['413 WAF_ALLOW REQUEST_TOO_LARGE -', 'gateway'],
  ])('is looked up for %s: %s', (reason, stage) => {
    expect(lookUp(JSON.stringify({ event: { reason } }))?.stage).toBe(stage);
  });
});
