import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { listen } from '../../../lib/local/server/listen';

const ROOT = join(__dirname, '../../..');

describe('npm start', () => {
  test('ends where its port is taken, and says so in one line', async () => {
    const server = createServer();
    const port = await listen(server, 0, 'somebody else');

    const { status, signal, stderr } = start('--port', String(port));
    server.close();

    expect({ status, signal }).toEqual({ status: 1, signal: null });
    expect(stderr).toMatch(/^local gateway: port \d+ on 127\.0\.0\.1 is not to be had .*\[PORT_TAKEN\]\n$/);
  }, 60_000);

  test.each([['--help'], ['--port', 'x']])(
    'answers %s with what it takes',
    (...given) => {
      const { status, stderr } = start(...given);

      expect(status).toBe(2);
      expect(stderr).toContain('npm start -- [--tour]');
      expect(stderr).not.toMatch(/^\s+at /m);
    },
    60_000,
  );
});

function start(...given: string[]) {
  const command = ['--import', 'tsx', 'test/examples/orders/start.ts', ...given];
  return spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8', timeout: 45_000 });
}
