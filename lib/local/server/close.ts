import type { Server } from 'node:net';

/** A server that can end the connections it has. */
export interface ClosableServer extends Server {
  closeAllConnections(): void;
}

/** Closes a server and the connections it has; one that does not listen is closed already. */
export async function closeServer(server: ClosableServer | undefined): Promise<void> {
  if (!server?.listening) return;

  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
