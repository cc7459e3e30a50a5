import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { type ListenAt, listen } from './listen.js';

/** What a path is answered with. */
export interface StatusAnswer {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers GET of one path. */
export type StatusRoute = (request: IncomingMessage) => Promise<StatusAnswer>;

export interface StatusServer {
  readonly url: string;
  /** Ends what is being answered, in a second at most. */
  close(): Promise<void>;
}

/** For an answer that is under way when the process stops. */
const lastAnswersMs = 1_000;

/**
 * Listens for those who look after a process that has no other server: probes and Prometheus. What it can be asked are
 * the paths given, by GET and HEAD; it reads no bodies and takes no more than it needs of anybody.
 *
 * Throws StartError when the address cannot be had.
 */
export async function openStatusServer(
  routes: Readonly<Record<string, StatusRoute>>,
  at: ListenAt,
  log: Logger,
): Promise<StatusServer> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8 * 1024 },
    (request, response) => void respond(routes, request, response, log),
  );
  // As many as probes and several Prometheus could ever need: whoever opens more keeps no memory of ours.
  server.maxConnections = 100;
  const url = await listen(
    server,
    () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(at.port, at.host, () => resolve(server.off('error', reject)));
      }),
    at,
  );
  return {
    url,
    close: async () => {
      const cut = setTimeout(() => server.closeAllConnections(), lastAnswersMs);
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeIdleConnections();
      });
      clearTimeout(cut);
    },
  };
}

async function respond(
  routes: Readonly<Record<string, StatusRoute>>,
  request: IncomingMessage,
  response: ServerResponse,
  log: Logger,
): Promise<void> {
  const { status, type, headers, body } = await answer(routes, request, log);
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A body that nobody asked for is not waited for.
    ...(mayBeAnswered(request) ? {} : { connection: 'close' }),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function mayBeAnswered({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

async function answer(
  routes: Readonly<Record<string, StatusRoute>>,
  request: IncomingMessage,
  log: Logger,
): Promise<StatusAnswer> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) return said(404, `There are ${Object.keys(routes).join(', ')} here, and nothing else.`);
  if (!mayBeAnswered(request)) return { ...said(405, 'Only GET and HEAD.'), headers: { allow: 'GET, HEAD' } };
  try {
    return await route(request);
  } catch (error) {
    log.error({ event: 'status.failed', err: error, path }, 'status could not be told');
    return said(500, "This failed; the process' log says why.");
  }
}

/** An answer as JSON. */
export function told(status: number, what: object): StatusAnswer {
  return { status, type: 'application/json', body: JSON.stringify(what) };
}

/** A refusal, in the shape of RFC 9457. */
export function said(status: number, detail: string): StatusAnswer {
  return { ...told(status, { status, detail }), type: 'application/problem+json' };
}
