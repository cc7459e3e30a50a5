import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { isTransientDatabaseError } from './transient-error.js';

function fromPostgres(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('as Postgres says it', 1, 'error'), { code });
}

function fromNetwork(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

describe('a database error', () => {
  it.each([
    ['08006', 'connection lost'],
    ['53100', 'disk full'],
    ['53300', 'too many connections'],
    ['57P01', 'shut down by an administrator'],
    ['57P03', 'starting up'],
    ['57014', 'statement timeout'],
    ['58030', 'I/O error'],
    ['40001', 'serialization failure'],
    ['40P01', 'deadlock'],
    ['55P03', 'lock timeout'],
    ['25006', 'read-only for a while'],
    ['25P03', 'a transaction that idled'],
  ])('passes: %s, %s', (code) => expect(isTransientDatabaseError(fromPostgres(code))).toBe(true));

  it.each([
    ['22P02', 'no such number'],
    ['23505', 'unique violation'],
    ['23514', 'check violation'],
    ['42P01', 'no such table'],
    ['42601', 'syntax error'],
    ['P0001', 'a trigger objects'],
    ['28P01', 'wrong password'],
    ['25001', 'inside a transaction'],
  ])('does not pass: %s, %s', (code) => expect(isTransientDatabaseError(fromPostgres(code))).toBe(false));
});

describe('an error of the connection', () => {
  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
    ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'],
  ])('passes: %s', (code) => expect(isTransientDatabaseError(fromNetwork(code))).toBe(true));

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('passes: %s', (message) => expect(isTransientDatabaseError(new Error(message))).toBe(true));

  it('passes when one of several addresses says so', () => {
    const all = new AggregateError([new Error('no'), fromNetwork('ECONNREFUSED')]);
    expect(isTransientDatabaseError(all)).toBe(true);
    expect(isTransientDatabaseError(new AggregateError([new Error('no')]))).toBe(false);
  });
});

it.each([new Error('a bug'), new TypeError('x is undefined'), 'text', null, undefined, { code: '08006' }])(
  'anything else is no database error: %s',
  (other) => expect(isTransientDatabaseError(other)).toBe(false),
);
