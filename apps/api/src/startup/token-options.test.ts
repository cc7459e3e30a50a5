import { parseEnvironment } from '@syncline/config';
import { expect, test } from 'vitest';
import { readTokenOptions } from './token-options.js';

const whole = {
  SYNCLINE_JWT_JWKS_URL: 'https://id.example.com/jwks',
  SYNCLINE_JWT_ISSUER: 'https://id.example.com',
  SYNCLINE_JWT_AUDIENCE: 'syncline',
};
const read = (given: Record<string, string>) => readTokenOptions(parseEnvironment(given));

test('nothing is configured, or all that belongs together', () => {
  expect(read({})).toBeUndefined();
  expect(read({ SYNCLINE_JWT_ROLE_CLAIM: 'rol' })).toBeUndefined();
  expect(read({ ...whole, SYNCLINE_JWT_ROLES: 'member=viewer' })).toEqual({
    ...{ jwksUrl: whole.SYNCLINE_JWT_JWKS_URL, issuer: whole.SYNCLINE_JWT_ISSUER, audience: 'syncline' },
    ...{ organizationClaim: 'org_id', roleClaim: 'role', roles: new Map([['member', 'viewer']]) },
  });
});

test.each(Object.keys(whole))('without %s the process does not start', (name) => {
  const { [name as keyof typeof whole]: _, ...part } = whole;
  expect(() => read(part)).toThrow(new RegExp(`^${name} has to be set with SYNCLINE_JWT_`));
});
