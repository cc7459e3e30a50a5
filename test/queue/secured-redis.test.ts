import { readFile } from 'node:fs/promises';
import { practicePanther } from '@syncline/connectors';
import { type Simulator, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { openSyncline } from '@syncline/engine/library';
import { keysBelow, openRedis, type RedisTls, requireUsableRedis } from '@syncline/queue';
import {
  type Certificates,
  createTestBed,
  makeCertificates,
  type RedisServer,
  startRedisServer,
  type TestBed,
} from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { redisRules } from './redis-rules.js';

const password = 'S3CRET/of:the@user';

let certificates: Certificates;
let server: RedisServer;
let bed: TestBed;
let simulator: Simulator;
beforeAll(async () => {
  certificates = await makeCertificates('syncline');
  const { ca, server: own, client } = certificates;
  const files = await Promise.all([ca, client.cert, client.key].map((file) => readFile(file)));
  server = await startRedisServer({
    plainPort: 0,
    config: [`tls-cert-file ${own.cert}`, `tls-key-file ${own.key}`, `tls-ca-cert-file ${ca}`, 'tls-auth-clients yes'],
    operator: { host: 'localhost', tls: { ca: files[0], cert: files[1], key: files[2] } },
  });
  bed = await createTestBed({ redis: { url: '' } });
  simulator = await startSimulator({ contacts: 20 });
  await server.command('ACL', 'SETUSER', 'syncline', 'on', `>${password}`, ...redisRules(bed.prefix));
});
afterAll(async () => {
  await bed?.close();
  await simulator?.close();
  await server?.close();
  await certificates?.remove();
});

const login = `syncline:${encodeURIComponent(password)}@`;
const urlOf = (host = 'localhost', who = login) => `rediss://${who}${host}:${server.port}`;
function tlsOf(some: Partial<RedisTls> = {}): RedisTls {
  const { ca, client } = certificates;
  return { caFile: ca, certFile: client.cert, keyFile: client.key, ...some };
}

/** What an address and certificates are answered with; nothing where they are taken. */
async function answer(redisUrl: string, tls: RedisTls | undefined): Promise<string | undefined> {
  try {
    const redis = openRedis({ redisUrl, tls, failFast: false, onError: () => undefined });
    await requireUsableRedis(redis, bed.prefix).finally(() => redis.disconnect());
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe('a Redis over TLS that asks for certificates and a user', () => {
  it('takes us by the authority, our certificate and the password', async () => {
    expect(await answer(urlOf(), tlsOf())).toBeUndefined();
    expect(await answer(urlOf('127.0.0.1'), tlsOf({ servername: 'localhost' }))).toBeUndefined();
  });

  it.each([
    [
      'an authority that did not sign it',
      () => answer(urlOf(), tlsOf({ caFile: certificates.strangeCa })),
      /certificate is refused.*REDIS_TLS_CA_FILE/,
    ],
    [
      'no authority but those that Node knows',
      () => answer(urlOf(), tlsOf({ caFile: undefined })),
      /certificate is refused.*REDIS_TLS_CA_FILE/,
    ],
    [
      'a host that it is not for',
      () => answer(urlOf('127.0.0.1'), tlsOf()),
      /certificate is refused.*REDIS_TLS_SERVERNAME/,
    ],
    [
      'no certificate of ours',
      () => answer(urlOf(), { caFile: certificates.ca }),
      /misses it: set REDIS_TLS_CERT_FILE/,
    ],
    ['half of one', () => answer(urlOf(), tlsOf({ keyFile: undefined })), /belong together/],
    [
      'a file that is not there',
      () => answer(urlOf(), tlsOf({ caFile: '/nowhere/ca.pem' })),
      /REDIS_TLS_CA_FILE cannot be read/,
    ],
    [
      'a file without a certificate',
      () => answer(urlOf(), tlsOf({ caFile: certificates.client.key })),
      /holds no certificate/,
    ],
    [
      'certificates, and an address without TLS',
      () => answer(urlOf().replace('rediss', 'redis'), tlsOf()),
      /let it begin with rediss/,
    ],
    [
      'the wrong password',
      () => answer(urlOf('localhost', 'syncline:wrong@'), tlsOf()),
      /refuses the user or password/,
    ],
  ])('says what to change about %s', async (_, ask, sentence) => {
    const said = await ask();
    expect(said).toMatch(sentence);
    expect(said).not.toMatch(/S3CRET/);
  });

  it('lets a sync run with no right beyond those that the docs name', async () => {
    await server.command('ACL', 'LOG', 'RESET');
    const syncline = await openSyncline({
      ...{ databaseUrl: bed.databaseUrl, redisUrl: urlOf(), redisTls: tlsOf(), redisPrefix: bed.prefix },
      ...{
        encryptionKey: bed.encryptionKey,
        egressAllow: [new URL(simulator.url).host],
        connectors: [practicePanther],
      },
    });
    try {
      const { clientId, clientSecret, refreshToken } = simulator.credentials;
      const connection = await syncline.ensureConnection({
        connector: 'practicepanther',
        credentials: { clientId, clientSecret, refreshToken },
        settings: { baseUrl: simulator.url },
      });
      expect(await (await syncline.startSync(connection, { entities: ['contacts'] })).done).toMatchObject({
        status: 'succeeded',
      });
    } finally {
      await syncline.close();
    }
    expect(await server.command('ACL', 'LOG')).toEqual([]);
  });

  it('says which right is missing', async () => {
    await server.command('ACL', 'SETUSER', 'syncline', '-info');
    expect(await answer(urlOf(), tlsOf())).toMatch(/does not let this user run info.*docs\/topologies\.md/);
    await server.command('ACL', 'SETUSER', 'syncline', '+info');
    const redis = openRedis({ redisUrl: urlOf(), tls: tlsOf(), failFast: false, onError: () => undefined });
    try {
      await expect(redis.set('of somebody else', '1')).rejects.toThrow(/NOPERM/);
      for await (const keys of keysBelow(redis, '')) expect(keys.every((key) => key.startsWith(bed.prefix))).toBe(true);
    } finally {
      redis.disconnect();
    }
  });
});

test('the docs name these rights', async () => {
  const page = await readFile(new URL('../../docs/topologies.md', import.meta.url), 'utf8');
  expect(page).toContain(`ACL SETUSER syncline on >password ${redisRules('{syncline}').join(' ')}\n`);
});
