import { SyncError } from '@syncline/connector-kit';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from './create-log.js';

const value = 'Jane Canary';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
  await sql`create table people (name text unique check (length(name) < 20), age integer not null)`.execute(bed.db);
  await sql`insert into people values (${value}, 1)`.execute(bed.db);
});
afterAll(() => bed.close());

function logged(error: unknown): string {
  const printed: string[] = [];
  createLog('worker', 'info', 'boot', { write: (line: string) => void printed.push(line) }).warn(
    { err: error },
    'line',
  );
  return printed.join('');
}

const refusals: readonly (readonly [string, string, ReturnType<typeof sql>])[] = [
  ['is there already', '23505', sql`insert into people values (${value}, 2)`],
  ['fails a check, the whole row in its detail', '23514', sql`insert into people values (${value.repeat(3)}, 2)`],
  ['lacks a column', '23502', sql`insert into people values (${`${value} II`}, null)`],
  ['is no number', '22P02', sql`select ${value}::integer`],
  ['is no time', '22007', sql`select ${value}::timestamptz`],
  [
    'is raised by a function',
    'P0001',
    sql`do $$ begin raise exception 'about: Jane Canary' using detail = 'Jane Canary'; end $$`,
  ],
];

test.each(refusals)('of what Postgres says no value is logged: one that %s', async (_what, code, statement) => {
  const error: unknown = await statement.execute(bed.db).catch((thrown: unknown) => thrown);
  expect(JSON.stringify(Object.values(error as object)) + String(error), 'it is in the error').toContain(value);
  const line = logged(new SyncError('INTERNAL', undefined, { cause: error }));
  expect(line).toContain(code);
  expect(line).toContain('logged-error.test');
  expect(line).not.toContain(value);
});

test('what failed, where and why is logged, through all causes', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED', secret: value });
  const both = new AggregateError([refused, new Error('other')], 'all failed');
  const error = new SyncError('UPSTREAM_UNREACHABLE', 'No connection', { cause: both, details: { host: 'crm' } });
  const { err } = JSON.parse(logged(error));
  expect(err).toMatchObject({
    ...{ type: 'SyncError', message: 'No connection', code: 'UPSTREAM_UNREACHABLE', details: { host: 'crm' } },
    cause: { type: 'AggregateError', errors: [{ code: 'ECONNREFUSED' }, { message: 'other' }] },
  });
  expect(JSON.stringify(err)).not.toContain(value);
});

test('what JSON.parse quotes is not logged', () => {
  const parse = () => JSON.parse(`{"name": ${value}}`);
  expect(parse).toThrow(/Jane|J/);
  try {
    parse();
  } catch (error) {
    expect(logged(new Error('not JSON', { cause: error }))).not.toMatch(/Jane|Unexpected token 'J'/);
  }
});
