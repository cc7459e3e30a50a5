import type { Quota } from './sliding-quota.js';

/** Kinds of options, for `parseArgs`. */
export const TEXT = { type: 'string' } as const;
export const SWITCH = { type: 'boolean' } as const;

/** The number that an option was given. Throws Error, naming the option, for what is none. */
export function toNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`--${name} takes a number, not "${text}".`);
  return value;
}

/** What `--quota` was given: such as `example`, or 0 for none. Throws Error for anything else. */
export function toQuota(text: string, example: string): Quota | null {
  if (text === '0') return null;
  const parts = /^(\d+)\/(\d+)$/.exec(text);
  if (!parts) throw new Error(`--quota takes REQUESTS/SECONDS, such as ${example}, or 0, not "${text}".`);
  return { requests: Number(parts[1]), windowSeconds: Number(parts[2]) };
}

/** Prints where a simulator is, as a line of JSON or for people, and ends it with its parent where that is wanted. */
export function announce(
  simulator: { close(): Promise<void> },
  wanted: { readonly json?: boolean | undefined; readonly 'until-stdin-ends'?: boolean | undefined },
  card: object,
  introduction: string,
): void {
  process.stdout.write(wanted.json ? `${JSON.stringify({ ...card, pid: process.pid })}\n` : introduction);
  if (wanted['until-stdin-ends']) process.stdin.resume().once('end', () => void simulator.close());
}
