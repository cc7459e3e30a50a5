import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Upstream {
  readonly baseUrl: string;
  /** As the allow list wants it. */
  readonly hostPort: string;
  readonly port: number;
  /** One entry a request, in the order of arrival. */
  readonly requests: { readonly at: number; readonly message: IncomingMessage }[];
}

/** A vendor on loopback that answers as `listener` says. */
export async function startUpstream(listener: RequestListener): Promise<Upstream> {
  const requests: Upstream['requests'] = [];
  const server = createServer((message, response) => {
    requests.push({ at: performance.now(), message });
    listener(message, response);
  });
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${port}/`, hostPort: `127.0.0.1:${port}`, port, requests };
}

/** A server below HTTP: `onRequest` is called with the socket when the first bytes have come. */
export async function startRawUpstream(onRequest: (socket: Socket) => void): Promise<Upstream & { hits(): number }> {
  let hits = 0;
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      hits += 1;
      onRequest(socket);
    });
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    baseUrl: `http://127.0.0.1:${port}/`,
    hostPort: `127.0.0.1:${port}`,
    port,
    requests: [],
    hits: () => hits,
  };
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
