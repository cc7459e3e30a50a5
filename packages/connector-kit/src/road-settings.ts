import { z } from 'zod';

/**
 * How a connection's requests deal with a vendor that does not answer well. Every connector spreads these into its
 * settings, and gives a default of its own where the vendor is known for another one.
 */
export const roadSettings = {
  /** Tries of one request in all, the first one included. */
  maxRetries: z.number().int().min(1).max(10).default(3),
  /** The pause before the second try is anything up to this, before the third anything up to twice as much… */
  backoffBaseMs: z.number().int().min(1).max(60_000).default(1_000),
  /** For one try, from connecting to the last byte. */
  timeoutSeconds: z.number().int().min(1).max(600).default(120),
  /** So many failures in a row open the circuit. */
  circuitMaxFailures: z.number().int().min(1).max(1_000).default(5),
  /** How long an open circuit lets nothing through, before one request tries it out. */
  circuitResetSeconds: z.number().int().min(1).max(86_400).default(60),
};

export type RoadSettings = Readonly<z.infer<z.ZodObject<typeof roadSettings>>>;
