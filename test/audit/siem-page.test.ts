import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_LOG_FIELDS } from '../../lib/audit/access-log-format';
import { REFUSALS } from '../../lib/protocol';

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

  test('says which stage and code stand behind every type of a refusal', () => {
    const expected = REFUSALS.flatMap(({ code, stage, responseTypes }) =>
      responseTypes.map((type) => [`\`${type}\``, stage, `\`${code}\``]),
    );

    expect(rowsUnder('| `error.type` | stage |')).toEqual(expected);
  });
});
