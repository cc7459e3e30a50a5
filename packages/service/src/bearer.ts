import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells whether a text is this secret, in a time that says nothing about how much of it was right. */
export function secretCheck(secret: string): (given: string) => boolean {
  const expected = digest(secret);
  // Hashed on both sides, so that the lengths are equal whatever was given.
  return (given) => timingSafeEqual(digest(given), expected);
}

/** The token of an Authorization header, if it is a bearer's. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
