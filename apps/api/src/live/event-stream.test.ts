import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openEventStream } from './event-stream.js';

const event = (id: number, size = 1) => ({ id: String(id), event: 'progress', data: 'x'.repeat(size) });

test('a client has something to read at once, then the events, then the end', async () => {
  const closed: true[] = [];
  const { stream, send, end } = openEventStream(60_000, () => closed.push(true));
  send(event(1));
  const all = text(stream);
  send({ id: '2', event: 'progress', data: { line: 'a\nb' } });
  end();
  send(event(3));
  const said = await all;
  expect(said).toMatch(/^retry: 2000\n: following\n\n/);
  expect(said).toContain('id: 2\nevent: progress\ndata: {"line":"a\\nb"}\n\n');
  expect(said).not.toContain('id: 3');
  expect(closed).toHaveLength(1);
});

test('a client that is slow is told the newest state, and what waits for it does not grow', async () => {
  const { stream, send, end } = openEventStream(60_000, () => undefined);
  stream.read(0);
  for (let id = 1; id <= 1_000; id += 1) send(event(id, 10_000));
  expect(stream.readableLength).toBeLessThan(100_000);
  end();
  const said = await text(stream);
  expect(said).toContain('id: 1000\n');
  expect(said.match(/^id: /gm)?.length).toBeLessThan(20);
});

test('a client that is slow is told the newest of each kind, all that it missed, and one id for all', async () => {
  const { stream, send, end } = openEventStream(60_000, () => undefined);
  const changed = (id: number) => ({ id: String(id), event: 'changed', data: [id] });
  const both = (waiting: { data: unknown }, now: { id: string; event: string; data: unknown }) => ({
    ...now,
    data: [...(waiting.data as number[]), ...(now.data as number[])],
  });
  // Nobody reads yet.
  for (let id = 1; id <= 4; id += 2) {
    send(changed(id), both);
    send(event(id + 1));
  }
  send(changed(5), both);
  end();
  const said = await text(stream);
  expect(said.match(/^(id|event|data): .*/gm)).toEqual([
    ...['event: progress', 'data: "x"', 'id: 5', 'event: changed', 'data: [1,3,5]'],
  ]);
});

test('silence is broken, so that proxies keep the connection', async () => {
  const { stream, end } = openEventStream(5, () => undefined);
  let said = '';
  stream.setEncoding('utf8').on('data', (part: string) => {
    said += part;
    if (said.split(': alive\n\n').length > 3) end();
  });
  await once(stream, 'close');
  expect(said).toContain(': alive\n\n: alive\n\n');
});

test('a client that goes away is noticed', async () => {
  const closed: true[] = [];
  const { stream, send } = openEventStream(60_000, () => closed.push(true));
  stream.destroy();
  await once(stream, 'close');
  send(event(1));
  expect(closed).toHaveLength(1);
});
