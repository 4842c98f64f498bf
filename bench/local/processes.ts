import { fork } from 'node:child_process';
import { join } from 'node:path';

/** A server in a process of its own, so that neither the client nor the others take its processor time. */
export interface ServerProcess {
  readonly url: string;
  /** Heap after a collection and resident memory, in MB. */
  memory(): Promise<string>;
  stop(): void;
}

/** Starts `server.ts` in one of its roles. */
export async function startServer(
  role: 'backend' | 'proxy' | 'gateway',
  backend = '',
): Promise<ServerProcess> {
  const child = fork(join(__dirname, 'server.ts'), [role, backend], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  });
  const answer = () =>
    new Promise<string>((done) => child.once('message', (message) => done(String(message))));
  const url = await answer();
  return {
    url,
    memory: async () => {
      const answered = answer();
      child.send('memory');
      return answered;
    },
    stop: () => child.kill(),
  };
}
