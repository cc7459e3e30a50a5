import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { docker, type Ended, root, tryDocker } from './engine.js';

/** What a worker or the API has logged, parsed. */
interface LogLine {
  readonly level: number;
  readonly bootId: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Installation {
  readonly name: string;
  readonly adminKey: string;
  /** Every secret of its .env, for looking whether one of them is where it should not be. */
  readonly secrets: readonly string[];
  readonly url: string;
  /** What `docker compose …` prints. Throws Error. */
  compose(...args: string[]): Promise<string>;
  tryCompose(...args: string[]): Promise<Ended>;
  /** Writes another value into its .env, as an operator would; undefined takes the line away. */
  set(variable: string, value: string | undefined): void;
  /** The containers of a service, running ones only. */
  containers(service: string): Promise<string[]>;
  /** Asks Postgres. Rows are lines, columns are separated by |. */
  sql(statement: string): Promise<string[]>;
  /** Asks the API with the admin key. */
  ask<Answer>(method: string, path: string, body?: object): Promise<Answer>;
  logOf(container: string): Promise<LogLine[]>;
  /** Takes everything away, volumes included. */
  close(): Promise<void>;
}

/** An installation of its own by docker-compose.yml and an .env: unique name, free port, fresh secrets. Nothing is up yet. */
export async function createInstallation(extra: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const name = `synclinetest${randomBytes(4).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'syncline-docker-'));
  const file = join(folder, '.env');
  const port = await freePort();
  const secrets = {
    SYNCLINE_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SYNCLINE_ADMIN_KEY: randomBytes(24).toString('hex'),
    POSTGRES_PASSWORD: randomBytes(24).toString('hex'),
    REDIS_PASSWORD: randomBytes(24).toString('hex'),
  };
  const values: Record<string, string> = { ...secrets, IMAGE: inject('images').present, PORT: String(port), ...extra };
  const write = () =>
    writeFileSync(
      file,
      Object.entries(values)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
      { mode: 0o600 },
    );
  write();
  // Nothing is built or pulled here: what the tests run is what was built for them.
  const base = ['compose', '--project-name', name, '--env-file', file, '--file', join(root, 'docker-compose.yml')];
  const compose = (...args: string[]) => docker(...base, ...args);
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ name, adminKey: secrets.SYNCLINE_ADMIN_KEY, secrets: Object.values(secrets), url, compose },
    tryCompose: (...args) => tryDocker(...base, ...args),
    set: (variable, value) => {
      if (value === undefined) delete values[variable];
      else values[variable] = value;
      write();
    },
    containers: async (service) => (await compose('ps', '--quiet', service)).split('\n').filter(Boolean),
    sql: async (statement) => {
      const psql = ['psql', '--username=syncline', '--tuples-only', '--no-align', '--command', statement];
      return (await compose('exec', '--no-TTY', 'postgres', ...psql)).split('\n').filter(Boolean);
    },
    ask: async <Answer>(method: string, path: string, body?: object) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${secrets.SYNCLINE_ADMIN_KEY}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return JSON.parse(text) as Answer;
    },
    logOf: async (container) => {
      const lines = (await docker('logs', container)).split('\n').filter((line) => line.startsWith('{'));
      return lines.map((line) => JSON.parse(line) as LogLine);
    },
    close: async () => {
      const down = await tryDocker(
        ...base,
        '--profile',
        '*',
        'down',
        '--volumes',
        '--remove-orphans',
        '--timeout',
        '2',
      );
      rmSync(folder, { recursive: true, force: true });
      if (down.code !== 0) throw new Error(`${name} is not taken away entirely: ${down.stderr.slice(-1000)}`);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
