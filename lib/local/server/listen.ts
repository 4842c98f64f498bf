import type { Server } from 'node:net';
import { GatewayConfigurationError } from '../../errors';

/** Listens on loopback and answers the port; a port that is taken is a plain error. */
export function listen(server: Server, port: number, purpose: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
          ? new GatewayConfigurationError([
              {
                code: 'PORT_TAKEN',
                at: purpose,
                message: `port ${port} on 127.0.0.1 is not to be had (${cause.code})`,
                remedy: 'name another port, or 0 for any that is free',
              },
            ])
          : cause,
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
