import { z } from 'zod';
import { field } from './form-words.js';

/**
 * How a connection's requests deal with a vendor that does not answer well. Every connector spreads these into its
 * settings, and gives a default of its own where the vendor is known for another one.
 */
export const roadSettings = {
  maxRetries: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(3)
    .meta(field('Tries of a request', 'In all, the first one included.', 'Requests')),
  backoffBaseMs: z
    .number()
    .int()
    .min(1)
    .max(60_000)
    .default(1_000)
    .meta(
      field(
        'Pause before the second try, in milliseconds',
        'Anything up to this; before the third try anything up to twice as much, and so on.',
        'Requests',
      ),
    ),
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(600)
    .default(120)
    .meta(field('Time for one try, in seconds', 'From connecting to the last byte.', 'Requests')),
  circuitMaxFailures: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(5)
    .meta(
      field(
        'Failures that open the circuit',
        'So many in a row, and the vendor is left alone for a while.',
        'Requests',
      ),
    ),
  circuitResetSeconds: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .meta(
      field(
        'Rest of an open circuit, in seconds',
        'Nothing goes out for so long; then one request tries whether the vendor is back.',
        'Requests',
      ),
    ),
};

export type RoadSettings = Readonly<z.infer<z.ZodObject<typeof roadSettings>>>;
