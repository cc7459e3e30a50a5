import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** An identity provider: publishes its keys, and signs whatever it is told to. */
export interface IdentityProvider {
  readonly jwksUrl: string;
  /** Requests for its keys. */
  readonly fetches: () => number;
  /** Answers with this status from now on; 200 with its keys again. */
  answerWith(status: number): void;
  sign(claims: JWTPayload, by?: Signature): Promise<string>;
  close(): Promise<void>;
}

interface Signature {
  readonly alg?: string;
  readonly kid?: string;
  readonly key?: CryptoKey | Uint8Array;
}

export const issuer = 'https://id.example.com';
export const audience = 'syncline';

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  let status = 200;
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 200 ? JSON.stringify({ keys: [jwk] }) : 'no');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
    fetches: () => fetches,
    answerWith: (next) => {
      status = next;
    },
    sign: (claims, { alg = 'RS256', kid = 'one', key = privateKey } = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const usual = { iss: issuer, aud: audience, sub: 'user_1', iat: now, exp: now + 60 };
      const given = Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined);
      return new SignJWT(Object.fromEntries(given)).setProtectedHeader({ alg, kid }).sign(key);
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
