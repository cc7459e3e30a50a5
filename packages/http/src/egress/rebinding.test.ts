import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failureOf, openRoad } from '../../testing/road.js';
import { listen, startRawUpstream, startUpstream } from '../../testing/upstream.js';
import { parseAllowList } from './allow-list.js';
import { guardedConnector } from './connector.js';
import { asLookup, resolvePublic } from './resolve-public.js';

const publicAddress: LookupAddress = { address: '93.184.215.14', family: 4 };
const loopback: LookupAddress = { address: '127.0.0.1', family: 4 };

/** Answers one list after the other, the last one for ever. */
function resolver(...answers: LookupAddress[][]) {
  const asked: string[] = [];
  const resolve = async (hostname: string): Promise<LookupAddress[]> => {
    asked.push(hostname);
    return answers[Math.min(asked.length, answers.length) - 1] ?? [];
  };
  return { asked, resolve };
}

function lane(resolve: ReturnType<typeof resolver>['resolve'], baseUrl: string, egressAllow: string[] = []) {
  return openRoad({ egressAllow, resolve }).open({
    baseUrl,
    budgetKey: 'credential',
    windows: [],
    deadlineMs: 3_000,
    retry: { tries: 1 },
  });
}

describe('the check when connecting', () => {
  it.each([
    ['a private address', [loopback]],
    ['one private address among public ones', [publicAddress, loopback]],
    ['a mapped private address', [{ address: '::ffff:10.0.0.1', family: 6 }]],
    ['a link-local address with a zone', [{ address: 'fe80::1%eth0', family: 6 }]],
    ['no address', []],
  ])('refuses a name with %s', async (_, answer) => {
    const upstream = await startRawUpstream((socket) => socket.destroy());
    const { asked, resolve } = resolver(answer);
    const failure = await failureOf(
      lane(resolve, `https://127.0.0.1.nip.io:${upstream.port}`)({ method: 'GET', url: '' }),
    );

    expect(failure.code).toBe('EGRESS_REFUSED');
    expect(failure.details).toMatchObject({ method: 'GET', tries: 1 });
    expect(asked).toEqual(['127.0.0.1.nip.io']);
    expect(upstream.hits()).toBe(0);
  });

  it('hands the socket the very addresses it has checked', async () => {
    const { asked, resolve } = resolver([publicAddress], [loopback]);
    const lookup = asLookup((name) => resolvePublic(name, resolve));
    const ask = (all: boolean) =>
      new Promise((done) => lookup('api.example.com', { all }, (error, address) => done(error ?? address)));

    expect(await ask(true)).toEqual([publicAddress]);
    // The name has moved in the meantime: the next connection is refused.
    expect(await ask(true)).toMatchObject({ code: 'EGRESS_REFUSED' });
    expect(await ask(false)).toMatchObject({ code: 'EGRESS_REFUSED' });
    expect(asked).toHaveLength(3);
  });

  it('resolves once a connection, and connects there', async () => {
    const upstream = await startUpstream((_, response) => response.end('{}'));
    const { asked, resolve } = resolver([loopback], [{ address: '192.0.2.1', family: 4 }]);
    const send = lane(resolve, `http://vendor.test:${upstream.port}`, [`vendor.test:${upstream.port}`]);

    expect((await send({ method: 'GET', url: 'a' })).status).toBe(200);
    expect((await send({ method: 'GET', url: 'b' })).status).toBe(200);
    expect(asked).toEqual(['vendor.test']);
    expect(upstream.requests.map(({ message }) => message.headers.host)).toEqual(
      Array(2).fill(`vendor.test:${upstream.port}`),
    );
  });
});

describe('the connector alone, as if the check of the URL had been got round', () => {
  it.each([
    ['https:', '127.0.0.1'],
    ['https:', '::1'],
    ['https:', '::ffff:127.0.0.1'],
    ['http:', '127.0.0.1'],
    ['http:', 'vendor.test'],
  ])('refuses %s to %s', async (protocol, hostname) => {
    let connections = 0;
    const server = createServer(() => {
      connections += 1;
    });
    onTestFinished(() => void server.close());
    const port = await listen(server);
    const connect = guardedConnector(parseAllowList([`127.0.0.1:${port + 1}`]), resolver([loopback]).resolve);
    const failure = await new Promise((done) =>
      connect({ protocol, hostname, port: String(port) }, (...[error]) => done(error)),
    );
    expect(failure).toMatchObject({ code: 'EGRESS_REFUSED', details: { host: hostname } });
    expect(connections).toBe(0);
  });
});

it('does not follow a vendor’s link to another host', async () => {
  const upstream = await startUpstream((_, response) => response.end('{}'));
  const { resolve } = resolver([loopback]);
  const send = lane(resolve, upstream.baseUrl, [upstream.hostPort]);
  for (const url of [
    'http://169.254.169.254/',
    `//vendor.test:${upstream.port}/`,
    `https://127.0.0.1:${upstream.port}/`,
    `http://user@127.0.0.1:${upstream.port}/`,
    'http://[',
    'file:///etc/passwd',
  ]) {
    expect((await failureOf(send({ method: 'GET', url }))).code).toBe('EGRESS_REFUSED');
  }
  expect(upstream.requests).toHaveLength(0);
});

it('refuses a base URL when a lane is opened', () => {
  const { resolve } = resolver([loopback]);
  expect(() => lane(resolve, 'https://10.0.0.1')).toThrow(expect.objectContaining({ code: 'EGRESS_REFUSED' }));
});
