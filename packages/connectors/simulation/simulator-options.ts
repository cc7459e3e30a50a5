import type { z } from 'zod';
import { definedOnly } from './defined-only.js';

/** How any simulator is to be started. */
export interface BaseOptions<Quirks> {
  /** Default 1. */
  seed?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** The machine's clock that the vendor's runs with. */
  now?: () => Date;
  quirks?: Partial<Quirks>;
  /** Seeded changes over time, for demonstrations. Default 0. */
  editsPerMinute?: number;
  /** How many requests are kept in full. Default 10,000. */
  logSize?: number;
}

/** The same with nothing left out. */
export interface ResolvedBase<Quirks> extends Required<Omit<BaseOptions<Quirks>, 'quirks'>> {
  quirks: Quirks;
}

/** Fills in what was left out. Throws what the schema throws for a quirk that there is not. */
export function resolveBase<Quirks extends object>(
  options: BaseOptions<Quirks>,
  defaults: Readonly<Quirks>,
  quirksChange: z.ZodType<{ [Name in keyof Quirks]?: Quirks[Name] | undefined }>,
): ResolvedBase<Quirks> {
  return {
    seed: options.seed ?? 1,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    now: options.now ?? (() => new Date()),
    quirks: { ...defaults, ...definedOnly(quirksChange.parse(options.quirks ?? {})) } as Quirks,
    editsPerMinute: options.editsPerMinute ?? 0,
    logSize: options.logSize ?? 10_000,
  };
}
