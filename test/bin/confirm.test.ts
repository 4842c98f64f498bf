import { PassThrough } from 'node:stream';
import { isConfirmed } from '../../bin/confirm';

function terminal() {
  return Object.assign(new PassThrough(), { isTTY: true });
}

describe('isConfirmed', () => {
  test.each([
    ['y', 'y\r', true],
    ['yes', ' YES \r', true],
    ['nothing', '\r', false],
    ['something else', 'yes please\r', false],
    ['Ctrl-C', '\u0003', false],
    ['Ctrl-D', '\u0004', false],
  ])('takes %s for an answer', async (_, typed, isYes) => {
    const input = terminal();

    const answer = isConfirmed('Sure? ', input, terminal());
    input.write(typed);

    await expect(answer).resolves.toBe(isYes);
  });

  test('says no where nobody is there to ask', async () => {
    const said = jest.spyOn(console, 'error').mockReturnValue();

    await expect(isConfirmed('Sure? ', Object.assign(terminal(), { isTTY: false }))).resolves.toBe(false);

    expect(said).toHaveBeenCalledWith(expect.stringContaining('--yes'));
    said.mockRestore();
  });
});
