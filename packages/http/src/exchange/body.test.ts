import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { event } from '../../testing/event.js';
import { failureOf, openLane } from '../../testing/road.js';
import { startRawUpstream, startUpstream } from '../../testing/upstream.js';

const get = { method: 'GET', url: 'page' } as const;
const text = JSON.stringify({ name: 'Zoë Müller 東京', filler: 'x'.repeat(10_000) });

function answering(body: Buffer | string, headers: Record<string, string> = {}) {
  return startUpstream((_: IncomingMessage, response: ServerResponse) => response.writeHead(200, headers).end(body));
}

describe('the body', () => {
  it.each([
    ['as it is', Buffer.from(text), undefined],
    ['gzip', gzipSync(text), 'gzip'],
    ['x-gzip in capitals', gzipSync(text), 'X-GZIP'],
    ['brotli', brotliCompressSync(text), 'br'],
    ['identity', Buffer.from(text), 'identity'],
    ['a byte order mark in front', Buffer.from(`\uFEFF${text}`), undefined],
  ])('is read: %s', async (_, body, encoding) => {
    const upstream = await answering(body, encoding === undefined ? {} : { 'content-encoding': encoding });
    expect((await openLane(upstream)(get)).body).toBe(text);
    expect(upstream.requests[0]?.message.headers['accept-encoding']).toBe('gzip, br');
  });

  it('is put together from chunks that cut characters in two', async () => {
    const upstream = await startUpstream((_, response) => {
      for (const byte of Buffer.from('"東京"')) response.write(Buffer.of(byte));
      response.end();
    });
    expect((await openLane(upstream)(get)).body).toBe('"東京"');
  });

  it('may be empty, even where the headers call it compressed', async () => {
    const upstream = await answering('', { 'content-encoding': 'gzip' });
    expect((await openLane(upstream)(get)).body).toBe('');
  });
});

describe('a body that is too large', () => {
  const capped = { maxBodyBytes: 5_000 };

  it('is refused by its announced length', async () => {
    const failure = await failureOf(openLane(await answering(text), capped)(get));
    expect(failure).toMatchObject({
      code: 'UPSTREAM_TOO_LARGE',
      details: { maxBytes: 5_000, status: 200, path: '/page' },
    });
  });

  it('is cut off where it announces none', async () => {
    const closed = event();
    const upstream = await startUpstream((_, response) => {
      const more = (): boolean => response.write('x'.repeat(1_000));
      const writing = setInterval(more, 1);
      response.on('close', () => {
        clearInterval(writing);
        closed.report();
      });
    });
    expect((await failureOf(openLane(upstream, capped)(get))).code).toBe('UPSTREAM_TOO_LARGE');
    await closed.happened;
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000))],
  ])('is not unfolded beyond the cap: a bomb in %s', async (encoding, bomb) => {
    const upstream = await answering(bomb, { 'content-encoding': encoding });
    const failure = await failureOf(openLane(upstream, { maxBodyBytes: 1_000_000 })(get));
    expect(bomb.length).toBeLessThan(100_000);
    expect(failure).toMatchObject({ code: 'UPSTREAM_TOO_LARGE', details: { maxBytes: 1_000_000, method: 'GET' } });
  });

  it('is one byte above the cap', async () => {
    const exact = openLane(await answering('12345'), { maxBodyBytes: 5 });
    const above = openLane(await answering('123456'), { maxBodyBytes: 5 });
    expect((await exact(get)).body).toBe('12345');
    expect((await failureOf(above(get))).code).toBe('UPSTREAM_TOO_LARGE');
  });
});

describe('a body that is not whole', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

  it.each([
    ['shorter than announced', `${head}content-length: 50\r\n\r\n{"a":1`],
    ['cut off between chunks', `${head}transfer-encoding: chunked\r\n\r\n5\r\n[1,2,\r\n`],
    ['cut off in the headers', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['nothing', ''],
  ])('is a failure of the network: %s', async (_, bytes) => {
    const upstream = await startRawUpstream((socket) => socket.end(bytes));
    const failure = await failureOf(openLane(upstream)(get));
    expect(failure.code).toBe('UPSTREAM_UNREACHABLE');
    expect(failure.entry.kind).toBe('transient');
    expect(failure.details).toMatchObject({ method: 'GET', path: '/page', tries: 1 });
  });

  it('is a failure of the network: reset in the middle', async () => {
    const upstream = await startRawUpstream((socket) => {
      socket.write(`${head}content-length: 50\r\n\r\n{"a":1`, () => socket.resetAndDestroy());
    });
    const failure = await failureOf(openLane(upstream)(get));
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'reset' } });
  });

  it.each([
    ['gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
  ])('is a failure of the network: %s that ends too early', async (encoding, whole) => {
    const upstream = await answering(whole.subarray(0, whole.length - 12), { 'content-encoding': encoding });
    const failure = await failureOf(openLane(upstream)(get));
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'truncated' } });
  });

  it.each(['gzip', 'br', 'zstd', 'gzip, gzip'])('is a bad body: not really %s', async (encoding) => {
    const upstream = await answering('{"plain":true}', { 'content-encoding': encoding });
    expect((await failureOf(openLane(upstream)(get))).code).toBe('UPSTREAM_BAD_BODY');
  });
});

it('is not mixed up with the next one, where a vendor sends more than it announced', async () => {
  let answers = 0;
  const upstream = await startRawUpstream((socket) => {
    answers += 1;
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n${answers}HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n9`);
  });
  const send = openLane(upstream);
  expect((await send(get)).body).toBe('1');
  expect((await send(get)).body).toBe('2');
});
