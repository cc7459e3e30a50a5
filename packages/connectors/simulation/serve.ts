import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTROL } from './control/control-exchange.js';

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

export interface ServeOptions {
  /** For messages about its own mistakes. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** What comes below `/__simulator/`, and everything else. */
  readonly control: Handler;
  readonly vendor: Handler;
}

export interface Served {
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the vendor's door: a real HTTP server. */
export async function serve({ name, host, port: wanted, control, vendor }: ServeOptions): Promise<Served> {
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const handle = url.pathname.startsWith(CONTROL) ? control : vendor;
    handle(request, response, url).catch((error: unknown) => giveUp(name, error, request, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A client that left in the middle is no error; anything else is one of ours and must be seen. */
function giveUp(name: string, error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (response.destroyed || request.destroyed) return;
  console.error(`${name} simulator:`, error);
  if (!response.headersSent) response.writeHead(500);
  response.end();
}
