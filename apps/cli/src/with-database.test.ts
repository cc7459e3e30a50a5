import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../dist/bundle.js', import.meta.url));

it.each([
  ['migrate', []],
  ['migrate', ['--check']],
  ['keys', ['rotate']],
] as const)('%s %j says in a sentence that Postgres is not there, and that somebody has to look', (command, args) => {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: 'postgres://somebody:hunter2@127.0.0.1:1/nowhere',
    SYNCLINE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, command, ...args], {
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'Postgres cannot be reached (connect ECONNREFUSED 127.0.0.1:1): check DATABASE_URL, the server and its firewall.\n',
  });
});
