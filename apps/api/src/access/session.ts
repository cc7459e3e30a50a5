import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Whose session it is: the platform's, its on this machine and for this user only, or that of the API key with this id. */
export type SessionHolder = 'platform' | 'local' | { readonly apiKeyId: string };

export interface Session {
  readonly holder: SessionHolder;
  readonly expiresAt: Date;
}

/** Browser sessions without a store: the cookie says itself whose it is, and until when it is good. */
export interface Sessions {
  /** Good for twelve hours, or until `noLaterThan`. */
  issue(holder: SessionHolder, now: Date, noLaterThan?: Date | null): Session & { readonly token: string };
  /** Undefined for what is none of ours, or over. Whether the API key of it is still good is not known here. */
  read(token: string | undefined, now: Date): Session | undefined;
}

export const sessionCookie = 'syncline_session';
const sessionSeconds = 12 * 60 * 60;

const form = /^((\d{1,12})\.[\w-]{16}\.(platform|local|[0-9a-f-]{36}))\.([\w-]{43})$/;

/** The signing key is derived from the admin key: changing that ends every session. */
export function createSessions(adminKey: string): Sessions {
  const key = Buffer.from(hkdfSync('sha256', adminKey, '', 'syncline browser session v2', 32));
  const sign = (claim: string) => createHmac('sha256', key).update(claim).digest();
  return {
    issue(holder, now, noLaterThan) {
      const whole = Math.floor(now.getTime() / 1000) + sessionSeconds;
      const expires = noLaterThan ? Math.min(whole, Math.floor(noLaterThan.getTime() / 1000)) : whole;
      const whose = typeof holder === 'string' ? holder : holder.apiKeyId;
      const claim = `${expires}.${randomBytes(12).toString('base64url')}.${whose}`;
      const token = `${claim}.${sign(claim).toString('base64url')}`;
      return { token, holder, expiresAt: new Date(expires * 1000) };
    },
    read(token, now) {
      const [, claim, expires, whose, signature] = form.exec(token ?? '') ?? [];
      if (claim === undefined || whose === undefined || signature === undefined) return undefined;
      if (!timingSafeEqual(Buffer.from(signature, 'base64url'), sign(claim))) return undefined;
      const expiresAt = new Date(Number(expires) * 1000);
      if (expiresAt <= now) return undefined;
      return { holder: whose === 'platform' || whose === 'local' ? whose : { apiKeyId: whose }, expiresAt };
    },
  };
}
