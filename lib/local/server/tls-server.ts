import { createSecureServer, type Http2SecureServer, type SecureServerOptions } from 'node:http2';
import type { Socket } from 'node:net';
import type { ClosableServer } from './close';

/** A server of HTTP/2 and, for clients that do not speak it, HTTP/1.1. */
export function createTlsServer(
  options: SecureServerOptions,
  listener: Parameters<typeof createSecureServer>[1],
): ClosableServer {
  const server: Http2SecureServer = createSecureServer({ ...options, allowHTTP1: true }, listener);
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return Object.assign(server, {
    closeAllConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
  });
}
