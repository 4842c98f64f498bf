import type { Server } from 'node:http';

/** Closes a server and the connections it has; one that does not listen is closed already. */
export async function closeServer(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;

  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
