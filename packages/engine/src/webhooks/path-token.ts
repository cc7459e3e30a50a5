import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Whoever looks at an address sees what is secret about it, and logs can strike it out wherever it stands. */
const prefix = 'whk_';
const randomness = 32;

/** The part of a path that nobody can guess, and what is kept of it: enough to know it again, too little to make it. */
export function newPathToken(): { readonly token: string; readonly digest: string } {
  const token = `${prefix}${randomBytes(randomness).toString('base64url')}`;
  return { token, digest: digestOf(token).toString('hex') };
}

/** Whether that digest was made of the token, in a time that tells nothing about how much of it is right. */
export function isPathToken(token: string, digest: string): boolean {
  const known = Buffer.from(digest, 'hex');
  const given = digestOf(token);
  return known.length === given.length && timingSafeEqual(known, given);
}

/** What has this much randomness needs no salt, and no slow hash. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
