import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { SyncError } from '@syncline/connector-kit';
import type { KeyRole, Person } from '@syncline/store';

/**
 * Whose session it is: the platform's, its on this machine and for this user only, that of the API key with this id, or
 * that of somebody who brought a token.
 */
export type SessionHolder = 'platform' | 'local' | { readonly apiKeyId: string } | { readonly member: MemberClaim };

/** What a token said, as the session goes on saying it until the token would be over. */
interface MemberClaim extends Person {
  readonly role: KeyRole;
  readonly externalIds: readonly string[];
}

export interface Session {
  readonly holder: SessionHolder;
  readonly expiresAt: Date;
}

/** Browser sessions without a store: the cookie says itself whose it is, and until when it is good. */
export interface Sessions {
  /** Good for twelve hours, or until `noLaterThan`. Throws SyncError FORBIDDEN for a holder that no cookie can hold. */
  issue(holder: SessionHolder, now: Date, noLaterThan?: Date | null): Session & { readonly token: string };
  /** Undefined for what is none of ours, or over. Whether its API key is still good, or its owner shut out, is not known here. */
  read(token: string | undefined, now: Date): Session | undefined;
}

export const sessionCookie = 'syncline_session';
const sessionSeconds = 12 * 60 * 60;

/** No browser keeps a cookie of more than four thousand bytes, its name and attributes included. */
const longestToken = 3_800;
const form = /^((\d{1,12})\.[\w-]{16}\.(platform|local|[0-9a-f-]{36}|member\.[\w-]{1,3800}))\.([\w-]{43})$/;

/** The signing key is derived from the admin key: changing that ends every session. */
export function createSessions(adminKey: string): Sessions {
  const key = Buffer.from(hkdfSync('sha256', adminKey, '', 'syncline browser session v2', 32));
  const sign = (claim: string) => createHmac('sha256', key).update(claim).digest();
  return {
    issue(holder, now, noLaterThan) {
      const whole = Math.floor(now.getTime() / 1000) + sessionSeconds;
      const expires = noLaterThan ? Math.min(whole, Math.floor(noLaterThan.getTime() / 1000)) : whole;
      const claim = `${expires}.${randomBytes(12).toString('base64url')}.${textOf(holder)}`;
      const token = `${claim}.${sign(claim).toString('base64url')}`;
      if (token.length > longestToken) {
        throw new SyncError('FORBIDDEN', 'The token names more organizations than a browser session can hold');
      }
      return { token, holder, expiresAt: new Date(expires * 1000) };
    },
    read(token, now) {
      const [, claim, expires, whose, signature] = form.exec(token ?? '') ?? [];
      if (claim === undefined || whose === undefined || signature === undefined) return undefined;
      if (!timingSafeEqual(Buffer.from(signature, 'base64url'), sign(claim))) return undefined;
      const expiresAt = new Date(Number(expires) * 1000);
      if (expiresAt <= now) return undefined;
      return { holder: holderIn(whose), expiresAt };
    },
  };
}

const ofMember = 'member.';

function textOf(holder: SessionHolder): string {
  if (typeof holder === 'string') return holder;
  if ('apiKeyId' in holder) return holder.apiKeyId;
  return ofMember + Buffer.from(JSON.stringify(holder.member)).toString('base64url');
}

/** Of a text that bears our signature: nobody else wrote it. */
function holderIn(text: string): SessionHolder {
  if (text === 'platform' || text === 'local') return text;
  if (!text.startsWith(ofMember)) return { apiKeyId: text };
  return { member: JSON.parse(Buffer.from(text.slice(ofMember.length), 'base64url').toString('utf8')) };
}
