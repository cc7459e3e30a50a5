import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A key in its parts. The whole text is told once, to whoever made it. */
export interface MadeKey {
  readonly text: string;
  readonly prefix: string;
  readonly secretHash: Buffer;
}

const idAlphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
const idLength = 12;
const form = /^(syncline_[a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** Whether a text wants to be a key of ours: secret scanners and this server know them by their beginning. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith('syncline_');
}

/** `syncline_<id>_<secret>`: the id is shown and finds the key, the secret is 256 random bits. */
export function makeApiKey(): MadeKey {
  // 32 letters, so that the five low bits of a random byte choose one evenly.
  const id = [...randomBytes(idLength)].map((byte) => idAlphabet[byte & 31]).join('');
  const secret = randomBytes(32).toString('base64url');
  const prefix = `syncline_${id}`;
  return { text: `${prefix}_${secret}`, prefix, secretHash: hash(secret) };
}

/** The parts of a key; undefined for what cannot be one. */
export function readApiKey(text: string): { readonly prefix: string; readonly secretHash: Buffer } | undefined {
  const [, prefix, secret] = form.exec(text) ?? [];
  return prefix === undefined || secret === undefined ? undefined : { prefix, secretHash: hash(secret) };
}

const nobodys = randomBytes(32);

/** Compares a secret's hash with the stored one, or with one that nothing has, in the same time. */
export function isSecretOf(stored: { readonly secretHash: Buffer } | undefined, given: Buffer): boolean {
  return timingSafeEqual(given, stored?.secretHash ?? nobodys) && stored !== undefined;
}

/** One round is enough for what was random to begin with: a slow hash protects secrets that somebody could guess. */
function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
