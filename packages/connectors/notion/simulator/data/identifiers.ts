import { createHash } from 'node:crypto';

/** A uuid that is made of its purpose: the same on every machine. */
export function uuidOf(seed: number, what: string): string {
  const hex = createHash('sha256').update(`${seed} ${what}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Ids are taken with or without dashes, and given with them. Undefined for what is none. */
export function asUuid(text: string): string | undefined {
  const hex = text.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
