import { collected, endProgress, showProgress } from '../../bin/collected';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => written.push(text) > 0 };
}

async function* pages(): AsyncGenerator<readonly string[]> {
  yield ['a', 'b'];
  yield [];
  yield ['c'];
}

describe('collected', () => {
  test('tells a terminal how many there are so far, on one line that is gone at the end', async () => {
    const terminal = screen(true);

    await expect(collected(pages(), 'tenants', terminal)).resolves.toEqual(['a', 'b', 'c']);

    expect(terminal.written).toEqual(['\r2 tenants', '\r2 tenants', '\r3 tenants', '\r\u001b[K']);
  });

  test('writes nothing where nobody looks: a log, a pipe', async () => {
    const log = screen(false);

    await expect(collected(pages(), 'tenants', log)).resolves.toEqual(['a', 'b', 'c']);
    showProgress('2 tenants', log);
    endProgress(log);

    expect(log.written).toEqual([]);
  });
});
