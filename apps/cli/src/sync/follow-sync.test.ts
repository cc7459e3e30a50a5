import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readEvents } from './event-blocks.js';
import { followSync, Refusal } from './sync-api.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An API that answers with these, one after the other, and with the last of them from then on. */
async function apiThat(...answers: readonly Answer[]) {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push(request.headers['last-event-id'] as string | undefined);
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { api: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'k' }, seen };
}

const event = (id: string, status: string) => `id: ${id}\nevent: progress\ndata: ${JSON.stringify({ status, id })}\n\n`;
const stream =
  (text: string, end: 'end' | 'break' = 'end'): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text, () => (end === 'end' ? response.end() : response.destroy()));
  };
const status =
  (code: number, body: object = {}): Answer =>
  (_, response) =>
    response.writeHead(code).end(JSON.stringify(body));

async function follow(api: { url: string; key: string }, signal = new AbortController().signal) {
  const statuses: string[] = [];
  for await (const progress of followSync(api, 's', undefined, signal, 1)) statuses.push(progress.status);
  return statuses;
}

describe('following a sync', () => {
  it('goes on where a stream broke off, ended, or an API was away, until the sync has ended', async () => {
    const { api, seen } = await apiThat(
      stream(`retry: 2000\n: following\n\n${event('a', 'running')}`, 'break'),
      (request) => request.destroy(),
      status(503),
      stream(`${event('b', 'running')}: alive\n\n`),
      status(429),
      // Cut off in the middle: not an event.
      stream(event('c', 'completed').slice(0, -1)),
      stream(event('c', 'completed')),
    );
    expect(await follow(api)).toEqual(['running', 'running', 'completed']);
    expect(seen).toEqual([undefined, 'a', 'a', 'a', 'b', 'b', 'b']);
  });

  it('ends when there is nothing more to come, or when it is told to', async () => {
    const { api } = await apiThat(stream(event('a', 'running')), status(204));
    expect(await follow(api)).toEqual(['running']);
    const stop = new AbortController();
    const silent = await apiThat((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': following\n\n');
      stop.abort();
    });
    expect(await follow(silent.api, stop.signal)).toEqual([]);
  });

  it('is not tried again where it will not be told, and not for ever where nobody answers', async () => {
    const details = { message: 'There is no sync with this id' };
    const refused = await apiThat(status(404, { success: false, details }));
    await expect(follow(refused.api)).rejects.toEqual(new Refusal(details.message));
    expect(refused.seen).toHaveLength(1);
    const broken = await apiThat(status(500));
    await expect(follow(broken.api)).rejects.toThrow('does not tell how far the sync is');
    expect(broken.seen.length).toBeLessThan(200);
  });

  it('reads events whole, however the network cuts them', async () => {
    const text = `${event('ä', 'running')}: alive\n\n${event('ö', 'failed')}`;
    for (const written of [text, text.replaceAll('\n', '\r\n')]) {
      const ids: (string | undefined)[] = [];
      for await (const { id } of readEvents(byteByByte(written))) ids.push(id);
      expect(ids).toEqual(['ä', 'ö']);
    }
  });
});

async function* byteByByte(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of Buffer.from(text)) yield Buffer.from([byte]);
}
