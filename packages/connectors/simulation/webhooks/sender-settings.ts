import { z } from 'zod';

const share = z.number().min(0).max(1);
const milliseconds = z.number().min(0);

/** How events are sent, and what goes wrong with them on the way. Shares are of 1; what they strike is up to the seed. */
export const senderSettingsSchema = z.strictObject({
  /** Requests for an event at most. */
  attempts: z.int().min(1).max(8),
  /** From the first attempt to the second; each later pause is three times the one before. */
  backoffMs: milliseconds,
  /** How long an answer may take. */
  timeoutMs: z.number().min(1),
  /** Requests under way at once. */
  concurrency: z.int().min(1).max(64),
  /** Happenings that belong together within this time are one event; 0 for none of that. */
  windowMs: milliseconds,
  /** What the shares below strike; null for the simulator's own seed. */
  seed: z.int().nullable(),
  /** Events that are sent twice or three times. */
  duplicate: share,
  /** Events that are held back until a few later ones have been answered. */
  reorder: share,
  /** How long an event is held back at least when no later ones come. */
  holdMs: milliseconds,
  /** How much later than it happens everything is sent. */
  delayMs: milliseconds,
  /** Events that are never sent. */
  drop: share,
  /** Events with which a forged one is sent. */
  forge: share,
  /** Events that are followed by one of a type that nobody knows. */
  unknownTypes: share,
});
export type SenderSettings = z.infer<typeof senderSettingsSchema>;

export const DEFAULT_SENDER_SETTINGS: SenderSettings = {
  attempts: 8,
  // The last of eight attempts comes a day after the first: 79 s × (3⁷ − 1) ÷ 2.
  backoffMs: 79_000,
  timeoutMs: 5_000,
  concurrency: 4,
  windowMs: 0,
  seed: null,
  duplicate: 0,
  reorder: 0,
  holdMs: 1_000,
  delayMs: 0,
  drop: 0,
  forge: 0,
  unknownTypes: 0,
};
