import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

/** A server that answers as it is told to: what a proxy says, or an API that has other things to do. */
export interface OddServer {
  readonly url: string;
  /** The requests that came, in their order. */
  readonly requests: IncomingMessage[];
  /** How the next requests are answered, each once; the last one for ever. */
  answer(...answers: Answer[]): void;
  close(): Promise<void>;
}

export async function startOddServer(): Promise<OddServer> {
  const requests: IncomingMessage[] = [];
  let answers: Answer[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const [first] = answers;
    if (answers.length > 1) answers = answers.slice(1);
    first?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (...next) => {
      requests.splice(0);
      answers = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** No answer at all. */
export const hangUp: Answer = (response) => response.destroy();
