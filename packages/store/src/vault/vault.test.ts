import { randomBytes } from 'node:crypto';
import { SyncError } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { createVault, decodeKey, type SecretOwner } from './vault.js';

const owner: Exclude<SecretOwner, { purpose: 'job_access' }> = {
  organizationId: 'org-a',
  connectionId: 'conn-1',
  purpose: 'credentials',
};
const secret = { clientId: 'c', clientSecret: 'S3CRET-ü-😀' };
const newKey = () => randomBytes(32).toString('base64');

function refusal(open: () => unknown): SyncError {
  try {
    open();
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

describe('a secret', () => {
  it('comes back as it was put in', () => {
    const vault = createVault([newKey()]);
    for (const value of [secret, null, 'text', 0, [], { nested: { list: [1, null] } }]) {
      expect(vault.open(owner, vault.seal(owner, value))).toEqual(value);
    }
  });

  it('is not to be read, nor to be recognised, in what is stored', () => {
    const vault = createVault([newKey()]);
    const [one, other] = [vault.seal(owner, secret), vault.seal(owner, secret)];
    expect(one.ciphertext.toString('latin1')).not.toContain('S3CRET');
    expect(one.ciphertext.equals(other.ciphertext)).toBe(false);
  });

  it.each<[string, Partial<typeof owner>]>([
    ['organization', { organizationId: 'org-b' }],
    ['connection', { connectionId: 'conn-2' }],
    ['purpose', { purpose: 'tokens' }],
  ])('moved to another %s does not open', (_what, other) => {
    const vault = createVault([newKey()]);
    const sealed = vault.seal(owner, secret);
    expect(refusal(() => vault.open({ ...owner, ...other }, sealed)).code).toBe('CREDENTIALS_UNREADABLE');
  });

  it('does not open when a single bit of it was changed, wherever that is', () => {
    const vault = createVault([newKey()]);
    const sealed = vault.seal(owner, secret);
    // The first byte is the version of the envelope, which later releases will look at.
    for (let at = 1; at < sealed.ciphertext.length; at += 1) {
      const ciphertext = Buffer.from(sealed.ciphertext);
      ciphertext[at] = (ciphertext[at] ?? 0) ^ 1;
      expect(refusal(() => vault.open(owner, { ...sealed, ciphertext })).code).toBe('CREDENTIALS_UNREADABLE');
    }
  });

  it('does not open when it was cut short, or never was one', () => {
    const vault = createVault([newKey()]);
    const { ciphertext, keyId } = vault.seal(owner, secret);
    for (let length = 0; length < ciphertext.length; length += 1) {
      const short = { keyId, ciphertext: ciphertext.subarray(0, length) };
      expect(refusal(() => vault.open(owner, short)).code).toBe('CREDENTIALS_UNREADABLE');
    }
  });

  it('never shows in the error', () => {
    const key = newKey();
    const error = refusal(() => createVault([newKey()]).open(owner, createVault([key]).seal(owner, secret)));
    expect(`${error.message}${error.stack}${error.cause}`).not.toMatch(/S3CRET/);
    expect(`${error.message}${error.stack}`).not.toContain(key);
  });
});

describe('the keys', () => {
  it('may be several: the newest seals, all of them open', () => {
    const [old, fresh] = [newKey(), newKey()];
    const before = createVault([old]).seal(owner, secret);
    const vault = createVault([fresh, old]);
    expect(vault.open(owner, before)).toEqual(secret);
    const after = vault.seal(owner, secret);
    expect(after.keyId).not.toBe(before.keyId);
    expect(createVault([fresh]).open(owner, after)).toEqual(secret);
  });

  it('are asked for by name when one is missing', () => {
    const sealed = createVault([newKey()]).seal(owner, secret);
    const error = refusal(() => createVault([newKey()]).open(owner, sealed));
    expect(error).toMatchObject({ code: 'CREDENTIALS_UNREADABLE' });
    expect(error.message).toContain(sealed.keyId);
  });

  it('have names that do not depend on how they are written', () => {
    const bytes = randomBytes(32);
    const written = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
    const names = written.map((key) => createVault([key]).seal(owner, secret).keyId);
    expect(new Set(names).size).toBe(1);
    expect(decodeKey(written[2] ?? '').equals(bytes)).toBe(true);
  });

  it.each([
    ['16 bytes', randomBytes(16).toString('base64')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['hex of 31 bytes', randomBytes(31).toString('hex')],
    ['nothing', ''],
  ])('have 32 bytes; %s is refused', (_what, key) => {
    expect(() => createVault([newKey(), key])).toThrow(RangeError);
  });

  it('are needed', () => {
    expect(() => createVault([])).toThrow(RangeError);
  });
});
