import { isSyncError } from '@syncline/connector-kit';
import { exportSPKI, generateKeyPair, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audience, type IdentityProvider, issuer, startIdentityProvider } from '../../testing/identity-provider.js';
import { createTokenCheck, type TokenCheck, type TokenOptions } from './token-check.js';

let provider: IdentityProvider;
let check: TokenCheck;

const optionsFor = (given: Partial<TokenOptions> = {}): TokenOptions => ({
  ...{ jwksUrl: provider.jwksUrl, issuer, audience, organizationClaim: 'org_id', roleClaim: 'role' },
  roles: new Map(),
  ...given,
});

beforeAll(async () => {
  provider = await startIdentityProvider();
  check = createTokenCheck(optionsFor());
});
afterAll(() => provider.close());

const soon = expect.any(Date);
const ago = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

describe('a token of the provider', () => {
  it('says who it is, for which organizations, and with which role', async () => {
    const token = await provider.sign({ org_id: 'org_a', role: 'operator' });
    expect(await check(token)).toEqual({
      ...{ issuer, subject: 'user_1', name: null, email: null },
      externalIds: ['org_a'],
      role: 'operator',
      expiresAt: soon,
    });
    const several = await provider.sign({ org_id: ['org_a', 'org_b', 7], role: ['viewer', 'admin', 'guest'] });
    expect(await check(several)).toMatchObject({ subject: 'user_1', externalIds: ['org_a', 'org_b'], role: 'admin' });
  });

  it('says what its owner is called, as much as anybody reads of it', async () => {
    const named = await provider.sign({ name: ' Ann\u0000 Lee ', email: 'ann@clinic.example' });
    expect(await check(named)).toMatchObject({ name: 'Ann Lee', email: 'ann@clinic.example' });
    const strange = await provider.sign({ name: ['Ann'], email: 'x'.repeat(300) });
    expect(await check(strange)).toMatchObject({ name: null, email: 'x'.repeat(200) });
  });

  it('says until when it is good, also when that is later than any time', async () => {
    const end = async (exp: number) => {
      const holder = await check(await provider.sign({ exp }));
      return holder === 'refused' ? holder : holder.expiresAt.toISOString();
    };
    expect(await end(2_000_000_000)).toBe('2033-05-18T03:33:20.000Z');
    expect(await end(1e300)).toMatch(/^\+275760/);
  });

  it('is read where and in the words that were configured', async () => {
    const roles = new Map([['org:member', 'viewer']] as const);
    const nested = createTokenCheck(optionsFor({ organizationClaim: 'o.id', roleClaim: 'o.rol', roles }));
    const token = await provider.sign({ o: { id: 'org_a', rol: 'org:member' }, org_id: 'org_b' });
    expect(await nested(token)).toMatchObject({ subject: 'user_1', externalIds: ['org_a'], role: 'viewer' });
    const dotted = createTokenCheck(optionsFor({ organizationClaim: 'https://example.com/org.id' }));
    const literal = await provider.sign({ 'https://example.com/org.id': 'org_c' });
    expect(await dotted(literal)).toMatchObject({ subject: 'user_1', externalIds: ['org_c'], role: undefined });
  });

  it('gives no role by a word that nobody knows, and none by what objects inherit', async () => {
    expect(await check(await provider.sign({ role: 'owner' }))).toMatchObject({ externalIds: [], role: undefined });
    const inherited = createTokenCheck(optionsFor({ roleClaim: 'constructor.name', organizationClaim: '__proto__' }));
    expect(await inherited(await provider.sign({}))).toMatchObject({ externalIds: [], role: undefined });
  });

  it('may be for us by azp where it has no aud, and only there', async () => {
    expect(await check(await provider.sign({ aud: undefined, azp: audience }))).toMatchObject({ subject: 'user_1' });
    expect(await check(await provider.sign({ aud: 'other', azp: audience }))).toBe('refused');
    expect(await check(await provider.sign({ aud: ['other', audience] }))).toMatchObject({ subject: 'user_1' });
  });

  it('is good for some seconds more than it says, because clocks differ', async () => {
    expect(await check(await provider.sign({ exp: ago(10) }))).toMatchObject({ subject: 'user_1' });
    expect(await check(await provider.sign({ nbf: ago(-10) }))).toMatchObject({ subject: 'user_1' });
  });

  it.each<[string, JWTPayload]>([
    ['expired', { exp: ago(60) }],
    ['not yet valid', { nbf: ago(-60) }],
    ['without an end', { exp: undefined }],
    ['of nobody', { sub: undefined }],
    ['of a name that is longer than any', { sub: 'x'.repeat(256) }],
    ['of another issuer', { iss: 'https://id.example.org' }],
    ['for another audience', { aud: 'other' }],
    ['for nobody', { aud: undefined }],
  ])('is refused when it is %s', async (_what, claims) => {
    expect(await check(await provider.sign(claims))).toBe('refused');
  });
});

describe('what somebody else has made', () => {
  it('is refused: another key under the same name, an unknown key, a symmetric signature, none', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    expect(await check(await provider.sign({}, { key: privateKey }))).toBe('refused');
    expect(await check(await provider.sign({}, { key: privateKey, kid: 'two' }))).toBe('refused');
    // The published key as a shared secret: the classic way to make one's own token.
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    expect(await check(await provider.sign({}, { alg: 'HS256', key: secret }))).toBe('refused');
    const [, body] = (await provider.sign({})).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const rubbish of [`${none}.${body}.`, 'a.b.c', 'x', '', `${'x'.repeat(20_000)}.y.z`]) {
      expect(await check(rubbish)).toBe('refused');
    }
  });
});

describe('a provider that is away', () => {
  it('makes tokens uncheckable and not wrong, and is not asked by every request', async () => {
    provider.answerWith(500);
    const before = provider.fetches();
    const fresh = createTokenCheck(optionsFor());
    const token = await provider.sign({});
    for (let i = 0; i < 5; i += 1) {
      const error = await fresh(token).catch((thrown: unknown) => thrown);
      expect(isSyncError(error, 'IDENTITY_PROVIDER_UNAVAILABLE')).toBe(true);
    }
    expect(provider.fetches() - before).toBe(1);
    // Those who have its keys need nothing of it.
    expect(await check(token)).toMatchObject({ subject: 'user_1' });
    provider.answerWith(200);
  });
});
