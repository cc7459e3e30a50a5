import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EnvironmentError, parseEnvironment } from './parse-environment.js';
import { supabaseHint } from './supabase-hint.js';
import { variables } from './variables.js';

const base64Key = Buffer.alloc(32, 7).toString('base64');
const hexKey = Buffer.alloc(32, 9).toString('hex');

/** What is said about an environment that cannot be used, a line a problem. */
function problems(...args: Parameters<typeof parseEnvironment>): string[] {
  try {
    parseEnvironment(...args);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message.split('\n');
    throw error;
  }
  throw new Error('nothing is wrong with it');
}

describe('an empty environment', () => {
  it('has sensible defaults and no secrets', () => {
    const environment = parseEnvironment({});
    expect(environment).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      SYNCLINE_HOME: '.syncline',
      SYNCLINE_EGRESS_ALLOW: [],
      SYNCLINE_REDIS_PREFIX: '{syncline}',
      LOG_LEVEL: 'info',
      vendors: {},
    });
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'SYNCLINE_ADMIN_KEY', 'SYNCLINE_ENCRYPTION_KEY'] as const) {
      expect(variables[name].secret).toBe(true);
      expect(environment[name]).toBeUndefined();
    }
  });

  it('is what empty values make', () => {
    const empty = Object.fromEntries(Object.keys(variables).map((name) => [name, '']));
    expect(parseEnvironment(empty)).toEqual(parseEnvironment({}));
  });

  it('lacks what is required, all of it told at once', () => {
    const missing = problems({ REDIS_URL: '' }, {}, ['DATABASE_URL', 'REDIS_URL', 'SYNCLINE_ENCRYPTION_KEY']);
    expect(missing).toEqual([
      expect.stringMatching(/^DATABASE_URL is required here\. ./),
      expect.stringMatching(/^REDIS_URL is required here\. ./),
      expect.stringMatching(/^SYNCLINE_ENCRYPTION_KEY is required here\. ./),
    ]);
  });
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('is read from there, without the line feed that editors add', () => {
    const environment = parseEnvironment(
      {
        SYNCLINE_ENCRYPTION_KEY_FILE: file('key', `${base64Key}\n`),
        DATABASE_URL_FILE: file('url', 'postgres://u:p@h/d'),
      },
      {},
      ['DATABASE_URL', 'SYNCLINE_ENCRYPTION_KEY'],
    );
    const adminKey = 'a-key-with-a-line-feed';
    expect(parseEnvironment({ SYNCLINE_ADMIN_KEY_FILE: file('admin', `${adminKey}\n`) }).SYNCLINE_ADMIN_KEY).toBe(
      adminKey,
    );
    expect(environment.SYNCLINE_ENCRYPTION_KEY).toEqual([base64Key]);
    expect(environment.DATABASE_URL).toBe('postgres://u:p@h/d');
  });

  it('may be a vendor’s', () => {
    const table = { PP_CLIENT_SECRET: { schema: z.string().optional(), doc: '', secret: true } };
    const { vendors } = parseEnvironment({ PP_CLIENT_SECRET_FILE: file('vendor', 'S3CRET') }, table);
    expect(vendors).toEqual({ PP_CLIENT_SECRET: 'S3CRET' });
  });

  it('is looked at like any other, and not repeated', () => {
    const said = problems({ SYNCLINE_ADMIN_KEY_FILE: file('short', 'S3CRET') });
    expect(said).toEqual([expect.stringMatching(/^SYNCLINE_ADMIN_KEY has to have at least 16/)]);
    expect(said.join()).not.toContain('S3CRET');
  });

  it('has to be there, and is not given twice', () => {
    expect(problems({ SYNCLINE_ADMIN_KEY_FILE: join(folder, 'none') })).toEqual([
      'SYNCLINE_ADMIN_KEY_FILE names a file that cannot be read (ENOENT)',
    ]);
    const both = { SYNCLINE_ADMIN_KEY: 'S3CRET-S3CRET-S3CRET', SYNCLINE_ADMIN_KEY_FILE: file('admin', 'x'.repeat(20)) };
    expect(problems(both)).toEqual([
      'SYNCLINE_ADMIN_KEY and SYNCLINE_ADMIN_KEY_FILE are both set: one of them has to go',
    ]);
  });

  it('is for secrets only', () => {
    expect(problems({ SYNCLINE_REDIS_PREFIX_FILE: file('prefix', 'x') })).toEqual([
      expect.stringMatching(/^SYNCLINE_REDIS_PREFIX_FILE is not known/),
    ]);
  });
});

describe('the variables of Supabase’s HTTP API', () => {
  const theirs = { SUPABASE_URL: 'https://ref.supabase.co', SUPABASE_SERVICE_KEY: 'eyJ-a-secret' };

  it('are said to lead nowhere, where the database is missing', () => {
    const said = problems(theirs, {}, ['DATABASE_URL']);
    expect(said).toEqual([
      expect.stringMatching(/^DATABASE_URL is required here/),
      expect.stringMatching(
        /^SUPABASE_URL and SUPABASE_SERVICE_KEY are set, but .* Set DATABASE_URL .*docs\/supabase\.md/,
      ),
    ]);
    expect(said.join()).not.toContain('eyJ');
    expect(supabaseHint({ SUPABASE_URL: 'x' })).toMatch(/^SUPABASE_URL is set, but Syncline does not use it/);
  });

  it('may stay where the database is given', () => {
    const environment = { ...theirs, DATABASE_URL: 'postgres://db/app' };
    expect(parseEnvironment(environment, {}, ['DATABASE_URL']).DATABASE_URL).toBe('postgres://db/app');
    expect(supabaseHint(environment)).toBeUndefined();
    expect(supabaseHint({})).toBeUndefined();
  });
});

describe('the name of a schema', () => {
  it.each(['syncline', 'crm_2', '_x', 'a'.repeat(63)])('may be %s', (name) => {
    expect(parseEnvironment({ SYNCLINE_DATABASE_SCHEMA: name }).SYNCLINE_DATABASE_SCHEMA).toBe(name);
  });

  it.each(['Public', 'a b', 'a,b', 'a-b', '1st', 'a;drop', 'a"b', 'pg_catalog', 'information_schema', 'a'.repeat(64)])(
    'may not be %s',
    (name) => {
      expect(problems({ SYNCLINE_DATABASE_SCHEMA: name })).toEqual([
        expect.stringMatching(/^SYNCLINE_DATABASE_SCHEMA has to be a plain name/),
      ]);
    },
  );
});

describe('a value', () => {
  it.each([
    ['DATABASE_URL', 'postgres://u:p@db:5432/app'],
    ['DATABASE_URL', 'postgresql://db/app?sslmode=require'],
    ['REDIS_URL', 'redis://127.0.0.1:6379/1'],
    ['REDIS_URL', 'rediss://:p@cache:6380'],
    ['REDIS_URL', 'redis+sentinel://a:26379,b:26379/mymaster'],
    ['REDIS_URL', 'rediss+cluster://u:p@[::1]:7000,b'],
    ['SYNCLINE_REDIS_PREFIX', '{acme}'],
    ['LOG_LEVEL', 'silent'],
  ] as const)('is taken as it is: %s=%s', (name, value) => {
    expect(parseEnvironment({ [name]: value })[name]).toBe(value);
  });

  it('is turned into what it stands for', () => {
    expect(
      parseEnvironment({
        PORT: '0',
        SYNCLINE_WORKER_CONCURRENCY: '12',
        SYNCLINE_EGRESS_ALLOW: ' 127.0.0.1:4701, crm.local:80 ,[::1]:8080,',
        SYNCLINE_ENCRYPTION_KEY: `${base64Key}, ${hexKey}`,
        ENABLE_SYNC_SCHEDULER: 'false',
        SYNCLINE_JWT_ROLES: 'org:admin=admin, member=viewer',
        SYNCLINE_CORS_ORIGINS: 'https://a.example,http://localhost:5173',
        SYNCLINE_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      }),
    ).toMatchObject({
      PORT: 0,
      SYNCLINE_WORKER_CONCURRENCY: 12,
      SYNCLINE_EGRESS_ALLOW: ['127.0.0.1:4701', 'crm.local:80', '[::1]:8080'],
      SYNCLINE_ENCRYPTION_KEY: [base64Key, hexKey],
      ENABLE_SYNC_SCHEDULER: false,
      SYNCLINE_JWT_ROLES: [
        ['org:admin', 'admin'],
        ['member', 'viewer'],
      ],
      SYNCLINE_CORS_ORIGINS: ['https://a.example', 'http://localhost:5173'],
      SYNCLINE_TRUSTED_PROXIES: ['10.0.0.0/8', '::1'],
    });
  });

  it.each([
    ['DATABASE_URL', 'mysql://db/app', 'has to be a URL that starts with postgres:// or postgresql://'],
    ['DATABASE_URL', 'db:5432/app', 'has to be a URL that starts with postgres:// or postgresql://'],
    ['REDIS_URL', 'http://cache', 'has to be a URL that starts with redis:// or rediss://'],
    ['PORT', 'http', ''],
    ['PORT', '65536', ''],
    ['PORT', '30.5', ''],
    ['SYNCLINE_WORKER_CONCURRENCY', '0', ''],
    ['SYNCLINE_ADMIN_KEY', 'short', 'has to have at least 16 characters'],
    ['SYNCLINE_EGRESS_ALLOW', 'crm.local', 'has to list host:port'],
    ['SYNCLINE_EGRESS_ALLOW', 'http://crm.local:80', 'has to list host:port'],
    ['SYNCLINE_REDIS_PREFIX', 'a:b', 'must not hold a colon or blanks'],
    ['LOG_LEVEL', 'loud', ''],
    ['SYNCLINE_JWT_JWKS_URL', 'http://id.example.com/jwks', 'has to be an https address'],
    ['SYNCLINE_JWT_JWKS_URL', 'id.example.com', 'has to be a URL that starts with https://'],
    ['SYNCLINE_JWT_ROLES', 'member=owner', 'has to list word=role'],
    ['SYNCLINE_JWT_ROLES', 'member', 'has to list word=role'],
    ['SYNCLINE_JWT_ROLES', 'member=platform', 'has to list word=role'],
    ['SYNCLINE_CORS_ORIGINS', '*', 'has to list origins'],
    ['SYNCLINE_CORS_ORIGINS', 'https://a.example/', 'has to list origins'],
    ['SYNCLINE_CORS_ORIGINS', 'https://a.example,b.example', 'has to list origins'],
    ['SYNCLINE_TRUSTED_PROXIES', '10.0.0.0/33', 'has to list addresses'],
    ['SYNCLINE_TRUSTED_PROXIES', 'proxy', 'has to list addresses'],
    ['SYNCLINE_TRUSTED_PROXIES', '0.0.0.0/0/0', 'has to list addresses'],
    ['ENABLE_SYNC_SCHEDULER', 'no', 'has to be true or false'],
  ])('that cannot be used is named with what it should be: %s=%s', (name, value, message) => {
    expect(problems({ [name]: value })).toEqual([expect.stringContaining(`${name} ${message}`)]);
  });
});

describe('an encryption key', () => {
  it.each([
    ['base64', base64Key],
    ['base64 without padding', base64Key.replace(/=+$/, '')],
    ['URL-safe base64', Buffer.alloc(32, 0xfb).toString('base64url')],
    ['hex', hexKey],
    ['upper-case hex', hexKey.toUpperCase()],
  ])('may be written in %s', (_what, key) => {
    expect(parseEnvironment({ SYNCLINE_ENCRYPTION_KEY: key }).SYNCLINE_ENCRYPTION_KEY).toEqual([key]);
  });

  it.each([
    ['too short', Buffer.alloc(31).toString('base64')],
    ['too long', Buffer.alloc(33).toString('base64')],
    ['no key at all', 'correct horse battery staple'],
    ['hex of another length', hexKey.slice(2)],
    ['one of two', `${base64Key},tooshort`],
    ['a comma too many', `${base64Key},`],
  ])('is refused: %s', (_what, key) => {
    expect(problems({ SYNCLINE_ENCRYPTION_KEY: key })).toEqual([
      'SYNCLINE_ENCRYPTION_KEY has to be 32 bytes in base64 or hex: openssl rand -base64 32',
    ]);
  });
});

describe('what nobody knows', () => {
  it('is an error with our prefix, because it is a typing mistake', () => {
    const [problem, ...rest] = problems({ SYNCLINE_ADMINKEY: 'x'.repeat(32) });
    expect(problem).toMatch(/^SYNCLINE_ADMINKEY is not known\. Known are: .*SYNCLINE_ADMIN_KEY/);
    expect(rest).toEqual([]);
  });

  it('is none of our business without it', () => {
    expect(parseEnvironment({ PATH: '/bin', DATABASE_URI: 'x', syncline_x: 'y' }).PORT).toBe(3000);
  });
});

describe("the vendors' variables", () => {
  const vendor = {
    CRM_URL: { schema: z.url().optional(), doc: 'Where the CRM is.' },
    CRM_LIMIT: { schema: z.coerce.number().int().min(1).default(60), doc: 'Requests a minute.' },
    CRM_KEY: { schema: z.string().min(10).optional(), doc: 'The key.', secret: true },
  };

  it('are parsed along, apart from ours', () => {
    const { vendors } = parseEnvironment({ CRM_LIMIT: '5', CRM_URL: '' }, vendor);
    expect(vendors).toEqual({ CRM_URL: undefined, CRM_LIMIT: 5, CRM_KEY: undefined });
  });

  it('are told of together with ours', () => {
    const all = problems({ CRM_LIMIT: '0', PORT: 'x', SYNCLINE_X: '1' }, vendor, ['DATABASE_URL']);
    expect(all.map((line) => line.split(' ')[0])).toEqual(['PORT', 'CRM_LIMIT', 'DATABASE_URL', 'SYNCLINE_X']);
  });

  it('keep their secrets, like ours', () => {
    const said = problems(
      {
        CRM_KEY: 'hunter2',
        SYNCLINE_ADMIN_KEY: 'hunter3',
        SYNCLINE_ENCRYPTION_KEY: 'hunter4',
        DATABASE_URL: 'mysql://me:hunter5@db/app',
        REDIS_URL: 'hunter6',
        SYNCLINE_PASSWORD: 'hunter7',
      },
      vendor,
    );
    expect(said).toHaveLength(6);
    expect(said.join()).not.toContain('hunter');
  });
});
