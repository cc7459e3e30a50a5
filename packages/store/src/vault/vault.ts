import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SyncError } from '@syncline/connector-kit';

/** What a secret belongs to. Bound into the ciphertext, so that one moved to another row does not decrypt. */
export type SecretOwner =
  | { readonly organizationId: string; readonly connectionId: string; readonly purpose: SecretPurpose }
  | { readonly organizationId: string; readonly syncJobId: string; readonly purpose: 'job_access' };

/** What is sealed of a connection; named as its columns are. */
export const secretPurposes = ['credentials', 'tokens', 'webhook_keys'] as const;
export type SecretPurpose = (typeof secretPurposes)[number];

interface Sealed {
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

/** Encrypts secrets at rest: AES-256-GCM, a random nonce each, the key's id beside it. */
export interface Vault {
  /** The keys that it has, newest first: the first is the one that seals. Says nothing about the keys themselves. */
  readonly keyIds: readonly string[];
  seal(owner: SecretOwner, value: unknown): Sealed;
  /** Throws SyncError CREDENTIALS_UNREADABLE when the key is not ours, or the text was altered or moved. */
  open(owner: SecretOwner, sealed: Sealed): unknown;
}

const version = 1;
const nonceLength = 12;
const tagLength = 16;

/**
 * A vault over 32-byte keys in base64 or hex, newest first: new secrets use the first, old ones any.
 *
 * Throws RangeError when a key has another length.
 */
export function createVault(keys: readonly string[]): Vault {
  const ring = new Map(keys.map(decodeKey).map((key) => [keyId(key), key]));
  const [newest] = ring;
  if (newest === undefined) throw new RangeError('no encryption key given');
  const [newestId, newestKey] = newest;

  return {
    keyIds: [...ring.keys()],

    seal(owner, value) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', newestKey, nonce).setAAD(boundTo(owner));
      const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      const ciphertext = Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), text]);
      return { ciphertext, keyId: newestId };
    },

    open(owner, { ciphertext, keyId }) {
      const key = ring.get(keyId);
      if (key === undefined) throw new SyncError('CREDENTIALS_UNREADABLE', `No key with id ${keyId} is configured`);
      try {
        const nonce = ciphertext.subarray(1, 1 + nonceLength);
        const tag = ciphertext.subarray(1 + nonceLength, 1 + nonceLength + tagLength);
        const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(owner)).setAuthTag(tag);
        const text = decipher.update(ciphertext.subarray(1 + nonceLength + tagLength));
        return JSON.parse(Buffer.concat([text, decipher.final()]).toString('utf8'));
      } catch (error) {
        throw new SyncError('CREDENTIALS_UNREADABLE', undefined, { cause: error });
      }
    },
  };
}

/** The bytes of a key in base64 or hex. Throws RangeError unless there are 32 of them. */
export function decodeKey(text: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length !== 32) throw new RangeError('an encryption key has to be 32 bytes in base64 or hex');
  return key;
}

/** Tells keys apart without telling anything about them. */
function keyId(key: Buffer): string {
  return createHash('sha256').update('syncline key id').update(key).digest('hex').slice(0, 12);
}

function boundTo(owner: SecretOwner): Buffer {
  const place = owner.purpose === 'job_access' ? owner.syncJobId : owner.connectionId;
  return Buffer.from(`${owner.organizationId}/${place}/${owner.purpose}`);
}
