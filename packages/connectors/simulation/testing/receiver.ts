import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came in: its bytes, and what they say. */
export interface Received<Body> {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  readonly body: Body;
}

export interface Receiver<Body> {
  readonly url: string;
  readonly received: readonly Received<Body>[];
  close(): Promise<void>;
}

interface Told {
  readonly hook: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A server that keeps what it is sent and answers as it is told to; null for no answer at all. */
export async function startReceiver<Body = Told>(
  answer: (request: Received<Body>) => number | null = () => 200,
): Promise<Receiver<Body>> {
  const received: Received<Body>[] = [];
  const server = createServer(async (request, response) => {
    const raw = Buffer.concat(await request.toArray());
    const one = {
      path: request.url ?? '',
      headers: request.headers,
      raw,
      body: JSON.parse(raw.toString('utf8')) as Body,
    };
    received.push(one);
    const status = answer(one);
    if (status !== null) response.writeHead(status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
