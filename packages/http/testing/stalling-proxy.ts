import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from './upstream.js';

export interface StallingProxy {
  readonly url: string;
  /** Keeps back what clients send, as a network that has stopped answering does; `false` lets it all go on. */
  stall(stalled: boolean): void;
  /** What went on to the server, as text. */
  forwarded(): string;
}

/** Stands between a client and a Redis. */
export async function startStallingProxy(serverUrl: string): Promise<StallingProxy> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let stalled = false;
  let text = '';

  const server = createServer((client) => {
    const upstream = connect(Number(port || 6379), hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    upstream.pipe(client);
    client.on('data', (chunk) => {
      const forward = (): void => {
        text += chunk.toString('latin1');
        upstream.write(chunk);
      };
      if (stalled) held.push(forward);
      else forward();
    });
    void once(client, 'close').then(() => upstream.destroy());
  });
  const ownPort = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // Whatever else the address says (a password) is the server's.
  const url = Object.assign(new URL(serverUrl), { hostname: '127.0.0.1', port: String(ownPort) });
  return {
    url: url.href,
    stall(next) {
      stalled = next;
      if (!next) for (const forward of held.splice(0)) forward();
    },
    forwarded: () => text,
  };
}
