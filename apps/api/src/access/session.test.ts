import { expect, test } from 'vitest';
import { createSessions, sessionSeconds } from './session.js';

const now = new Date('2026-01-01T00:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const sessions = createSessions('one-admin-key-of-some-length');

test('a session is good for twelve hours', () => {
  const token = sessions.issue(now);
  expect(sessions.isValid(token, later(sessionSeconds - 1))).toBe(true);
  expect(sessions.isValid(token, later(sessionSeconds))).toBe(false);
});

test('another admin key ends every session', () => {
  expect(createSessions('another-admin-key-of-some-length').isValid(sessions.issue(now), now)).toBe(false);
});

test('a token with a later expiry, a cut one and rubbish are refused', () => {
  const token = sessions.issue(now);
  const [expires = '', nonce, signature] = token.split('.');
  expect(sessions.isValid(`${Number(expires) + 1}.${nonce}.${signature}`, now)).toBe(false);
  expect(sessions.isValid(token.slice(0, -1), now)).toBe(false);
  for (const rubbish of [undefined, '', '..', 'a.b.c', `${token}x`]) expect(sessions.isValid(rubbish, now)).toBe(false);
});

test('two sessions of the same moment differ', () => {
  expect(sessions.issue(now)).not.toBe(sessions.issue(now));
});
