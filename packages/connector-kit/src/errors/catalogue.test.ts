import { describe, expect, it } from 'vitest';
import { catalogue, type ErrorCode } from './catalogue.js';
import { isSyncError, SyncError } from './sync-error.js';

const codes = Object.keys(catalogue) as ErrorCode[];

describe('the catalogue', () => {
  it.each(codes)('tells all there is to know about %s', (code) => {
    const { kind, takesDown, status, title, hint, ...rest } = catalogue[code];
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(['transient', 'permanent', 'wait']).toContain(kind);
    expect(['record', 'entity', 'connection', 'request']).toContain(takesDown);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(hint).toMatch(/^[A-Z].*\.$/);
    expect(rest).toEqual({});
  });

  it('has a title of its own for every code', () => {
    expect(new Set(codes.map((code) => catalogue[code].title)).size).toBe(codes.length);
  });

  it('lets nothing that takes down a record or a connection be tried again for ever', () => {
    for (const code of codes) {
      const { kind, takesDown } = catalogue[code];
      if (takesDown === 'record' || takesDown === 'connection') expect(kind, code).toBe('permanent');
    }
  });
});

describe('a SyncError', () => {
  it('speaks the words of the catalogue unless it knows better', () => {
    const plain = new SyncError('UPSTREAM_TIMEOUT');
    expect(plain).toMatchObject({ name: 'SyncError', message: catalogue.UPSTREAM_TIMEOUT.title, details: {} });
    expect(plain.entry).toBe(catalogue.UPSTREAM_TIMEOUT);
    expect(new SyncError('UPSTREAM_TIMEOUT', 'No answer within 5 s').message).toBe('No answer within 5 s');
  });

  it('keeps what Postgres could not store out of its message', () => {
    expect(new SyncError('UPSTREAM_AUTH', 'refused: \u0000\ud800 😀').message).toBe('refused: \uFFFD\uFFFD 😀');
  });

  it('carries its cause, its details and when to go on', () => {
    const cause = new Error('reset');
    const resumeAt = new Date(0);
    const error = new SyncError('BUDGET_WAIT', undefined, { cause, resumeAt, field: 'x', details: { status: 429 } });
    expect(error).toMatchObject({ cause, resumeAt, field: 'x', details: { status: 429 } });
  });

  it('is told apart by its code', () => {
    const error = new SyncError('FENCED_OUT');
    expect(isSyncError(error)).toBe(true);
    expect(isSyncError(error, 'UPSTREAM_AUTH', 'FENCED_OUT')).toBe(true);
    expect(isSyncError(error, 'UPSTREAM_AUTH')).toBe(false);
    expect(isSyncError(new Error('FENCED_OUT'))).toBe(false);
    expect(isSyncError({ code: 'FENCED_OUT' }, 'FENCED_OUT')).toBe(false);
  });
});
