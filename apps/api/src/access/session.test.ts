import { expect, test } from 'vitest';
import { createSessions } from './session.js';

const now = new Date('2026-01-01T00:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const twelveHours = 12 * 60 * 60;
const sessions = createSessions('one-admin-key-of-some-length');
const person = { issuer: 'https://id.example.com', subject: 'Zoë "7"' };
const member = { ...person, role: 'admin', externalIds: ['org_a', 'org_b'] } as const;
const holders = ['platform', 'local', { apiKeyId: 'b54b4a3b-0e10-402b-8867-e0ae6a43fe75' }, { member }] as const;

test('a session says whose it is, and is good for twelve hours', () => {
  for (const holder of holders) {
    const { token, expiresAt } = sessions.issue(holder, now);
    expect(expiresAt).toEqual(later(twelveHours));
    expect(sessions.read(token, later(twelveHours - 1))).toEqual({ holder, expiresAt });
    expect(sessions.read(token, later(twelveHours))).toBeUndefined();
  }
});

test('it is never good for longer than its key', () => {
  for (const [end, expected] of [
    [later(60), later(60)],
    [later(twelveHours * 2), later(twelveHours)],
    [null, later(twelveHours)],
  ] as const) {
    expect(sessions.issue('platform', now, end).expiresAt).toEqual(expected);
  }
});

test('another admin key ends every session', () => {
  const { token } = sessions.issue('platform', now);
  expect(createSessions('another-admin-key-of-some-length').read(token, now)).toBeUndefined();
});

test('a token with a later expiry or another holder, a cut one and rubbish are refused', () => {
  const { token } = sessions.issue(holders[2], now);
  const [expires = '', nonce, id, signature] = token.split('.');
  expect(sessions.read(`${Number(expires) + 1}.${nonce}.${id}.${signature}`, now)).toBeUndefined();
  for (const other of ['platform', 'local', '00000000-0000-4000-8000-000000000000', '']) {
    expect(sessions.read(`${expires}.${nonce}.${other}.${signature}`, now), other).toBeUndefined();
  }
  expect(sessions.read(`${expires}.${nonce}.${signature}`, now)).toBeUndefined();
  expect(sessions.read(token.slice(0, -1), now)).toBeUndefined();
  for (const rubbish of [undefined, '', '...', 'a.b.c.d', `${token}x`])
    expect(sessions.read(rubbish, now)).toBeUndefined();
});

test('what a session of a token says cannot be changed, and has to fit into a cookie', () => {
  const { token } = sessions.issue({ member: { ...member, role: 'viewer' } }, now);
  const raised = Buffer.from(JSON.stringify(member)).toString('base64url');
  const forged = token.replace(/member\.[\w-]+/, `member.${raised}`);
  expect(forged).not.toBe(token);
  expect(sessions.read(forged, now)).toBeUndefined();
  const many = Array.from({ length: 120 }, (_, i) => `org_with_some_name_${i}`);
  expect(() => sessions.issue({ member: { ...member, externalIds: many } }, now)).toThrow(/more organizations/);
});

test('two sessions of the same moment differ', () => {
  expect(sessions.issue('platform', now).token).not.toBe(sessions.issue('platform', now).token);
});
