import { createHmac, timingSafeEqual } from 'node:crypto';

const sha256Hex = /^[0-9a-f]{64}$/;

/** Whether `signature`, in lower-case hex, is the HMAC-SHA256 of the bytes under the key (its UTF-8). In constant time. */
export function isHmacSha256(signature: string, key: string, bytes: Uint8Array): boolean {
  if (!sha256Hex.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature, 'hex'), createHmac('sha256', key).update(bytes).digest());
}
