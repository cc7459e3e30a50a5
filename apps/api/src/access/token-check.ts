import { SyncError } from '@syncline/connector-kit';
import type { KeyRole, Person } from '@syncline/store';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import { isKeyRole } from './role.js';

/** How tokens of an identity provider are checked and read. */
export interface TokenOptions {
  /** Where the provider publishes the keys that it signs with. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** The claim with the organization's id, or a list of them: `org_id`, or a path such as `o.id`. */
  readonly organizationClaim: string;
  readonly roleClaim: string;
  /** What the provider calls our roles. Our own words mean themselves. */
  readonly roles: ReadonlyMap<string, KeyRole>;
}

/** Whoever a token was made for. */
export interface TokenHolder extends Person {
  /** As the token says it, in the claims that OpenID Connect has for it; null where it does not. */
  readonly name: string | null;
  readonly email: string | null;
  readonly externalIds: readonly string[];
  /** The highest of those that it gives; undefined when it gives none that we know. */
  readonly role: KeyRole | undefined;
  readonly expiresAt: Date;
}

/** `refused`: not a token of the provider for us, or not any more. Throws SyncError IDENTITY_PROVIDER_UNAVAILABLE. */
export interface TokenCheck {
  (token: string): Promise<TokenHolder | 'refused'>;
  /** Whose tokens are good. */
  readonly issuer: string;
}

/**
 * Signatures that only the holder of a private key can make. With the symmetric ones, whoever can check a token can make
 * one, and a published key could be used as such a secret.
 */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const toleranceSeconds = 30;
/** The last that a Date can say: a token may name any number. */
const lastSecond = 8_640_000_000_000;
const fetchMs = 3_000;
/** How long keys are used before they are fetched anew. A key that is not among them is looked for earlier. */
const keysMs = 10 * 60_000;
/** Unknown keys cause a request to the provider at most this often, and so does a provider that is away. */
const pauseMs = 30_000;
const restMs = 5_000;
export const longestToken = 16 * 1024;
/** Of what is kept of a person; OpenID Connect allows no longer subjects. */
const longestSubject = 255;
const longestText = 200;

export function createTokenCheck(options: TokenOptions): TokenCheck {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    timeoutDuration: fetchMs,
    cooldownDuration: pauseMs,
    cacheMaxAge: keysMs,
    [customFetch]: restingFetch(),
  });
  const check = async (token: string): Promise<TokenHolder | 'refused'> => {
    if (token.length > longestToken) return 'refused';
    let claims: JWTPayload;
    try {
      const rules = { algorithms, issuer: options.issuer, clockTolerance: toleranceSeconds };
      claims = (await jwtVerify(token, keys, { ...rules, requiredClaims: ['sub', 'exp'] })).payload;
    } catch (error) {
      if (isTokensFault(error)) return 'refused';
      throw new SyncError('IDENTITY_PROVIDER_UNAVAILABLE', undefined, { cause: error });
    }
    if (!isSubject(claims.sub) || !isFor(options.audience, claims)) return 'refused';
    if (claims.exp === undefined) return 'refused';
    return {
      ...{ issuer: options.issuer, subject: claims.sub },
      ...{ name: personal(readClaim(claims, 'name')), email: personal(readClaim(claims, 'email')) },
      externalIds: texts(readClaim(claims, options.organizationClaim)),
      role: highest(texts(readClaim(claims, options.roleClaim)), options.roles),
      expiresAt: new Date(Math.min(claims.exp, lastSecond) * 1000),
    };
  };
  return Object.assign(check, { issuer: options.issuer });
}

/** Not cut where it is long: two people would be one, and shutting one out would shut out both. */
function isSubject(claim: unknown): claim is string {
  return typeof claim === 'string' && claim !== '' && claim.length <= longestSubject && !claim.includes('\u0000');
}

/** What is kept of a person, as much as anybody wants to read of it. */
function personal(claim: unknown): string | null {
  const text = typeof claim === 'string' ? claim.replaceAll('\u0000', '').trim().slice(0, longestText) : '';
  return text === '' ? null : text;
}

/**
 * Whether a token was made for us. Providers that put no `aud` into the tokens of browser sessions say in `azp` which
 * application they are for.
 */
function isFor(audience: string, { aud, azp }: JWTPayload): boolean {
  return aud === undefined ? azp === audience : [aud].flat().includes(audience);
}

/** A claim by its name, which may hold dots itself; else by the path that the dots make. Own properties only. */
function readClaim(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      claims,
    );
}

function texts(claim: unknown): string[] {
  return [claim].flat().filter((value): value is string => typeof value === 'string' && value !== '');
}

const rank: readonly KeyRole[] = ['admin', 'operator', 'viewer'];

function highest(given: readonly string[], roles: ReadonlyMap<string, KeyRole>): KeyRole | undefined {
  const known = given.map((word) => roles.get(word) ?? (isKeyRole(word) ? word : undefined));
  return rank.find((role) => known.includes(role));
}

/** What is wrong with the token itself. All else is the provider's: no answer, or one that holds no keys. */
function isTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}

/** Asks again some seconds after a failure only: until then everybody is told at once, instead of waiting each time. */
function restingFetch(): typeof fetch {
  let failed: { readonly error: unknown; readonly until: number } | undefined;
  return async (url, init) => {
    if (failed !== undefined && failed.until > Date.now()) throw failed.error;
    try {
      const response = await fetch(url, init);
      if (!response.ok) throw new Error(`the identity provider answered ${response.status}`);
      failed = undefined;
      return response;
    } catch (error) {
      failed = { error, until: Date.now() + restMs };
      throw error;
    }
  };
}
