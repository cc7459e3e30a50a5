import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Browser sessions without a store: the cookie says itself until when it is good. */
export interface Sessions {
  issue(now: Date): string;
  isValid(token: string | undefined, now: Date): boolean;
}

export const sessionCookie = 'syncline_session';
export const sessionSeconds = 12 * 60 * 60;

/** The signing key is derived from the admin key: changing that ends every session. */
export function createSessions(adminKey: string): Sessions {
  const key = Buffer.from(hkdfSync('sha256', adminKey, '', 'syncline browser session v1', 32));
  const sign = (claim: string) => createHmac('sha256', key).update(claim).digest();
  return {
    issue(now) {
      const expires = Math.floor(now.getTime() / 1000) + sessionSeconds;
      const claim = `${expires}.${randomBytes(12).toString('base64url')}`;
      return `${claim}.${sign(claim).toString('base64url')}`;
    },
    isValid(token, now) {
      const [, claim, expires, signature] = /^((\d{1,12})\.[\w-]{16})\.([\w-]{43})$/.exec(token ?? '') ?? [];
      if (claim === undefined || signature === undefined) return false;
      if (!timingSafeEqual(Buffer.from(signature, 'base64url'), sign(claim))) return false;
      return Number(expires) * 1000 > now.getTime();
    },
  };
}
