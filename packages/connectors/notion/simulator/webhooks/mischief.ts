import { randomBytes, randomUUID } from 'node:crypto';
import { die, fraction } from '../../../simulation/dice.js';
import { type Letter, letterOf } from './letter.js';
import type { WebhookSettings } from './webhook-settings.js';

/** What happens to one event on its way. */
export interface Fate {
  readonly isDropped: boolean;
  readonly copies: number;
  /** Answers to later events that are waited for; 0 for an event that is not held back. */
  readonly heldFor: number;
  /** How long without these, in milliseconds. */
  readonly holdMs: number;
  readonly forgery: Forgery | undefined;
  /** A roll for the event that follows, where one does. */
  readonly strange: number | undefined;
  readonly foreign: number | undefined;
}

export type Forgery = 'wrong secret' | 'unsigned' | 'tampered body';
const FORGERIES: readonly Forgery[] = ['wrong secret', 'unsigned', 'tampered body'];

/** The fate of the event of that number: by the seed, whatever else is sent and however long it takes. */
export function fateOf(settings: WebhookSettings, seed: number, at: number): Fate {
  const roll = (what: string) => die(seed, `webhook ${what}`)(at);
  const strikes = (what: 'drop' | 'duplicate' | 'reorder' | 'forge' | 'unknownTypes' | 'otherSources') =>
    fraction(roll(what)) < settings[what];
  const isDropped = strikes('drop');
  return {
    isDropped,
    copies: strikes('duplicate') ? 1 + (roll('copies') % 2) : 0,
    heldFor: strikes('reorder') && !isDropped ? 1 + (roll('held for') % 4) : 0,
    holdMs: settings.holdMs * (1 + fraction(roll('hold'))),
    forgery: strikes('forge') ? FORGERIES[roll('forgery') % FORGERIES.length] : undefined,
    strange: strikes('unknownTypes') ? roll('strange') : undefined,
    foreign: strikes('otherSources') ? roll('foreign') : undefined,
  };
}

/**
 * An event as somebody without the token would send it. It has the id of a real one: a receiver that notes ids before
 * it looks at signatures would take the real one for a duplicate.
 */
export function forge(forgery: Forgery, envelope: Readonly<Record<string, unknown>>, token: string): Letter {
  switch (forgery) {
    case 'wrong secret':
      return letterOf(envelope, `secret_${randomBytes(24).toString('base64url')}`);
    case 'unsigned':
      return letterOf(envelope, undefined);
    case 'tampered body':
      return {
        ...letterOf({ ...envelope, entity: { id: randomUUID(), type: 'page' } }, undefined),
        headers: letterOf(envelope, token).headers,
      };
  }
}
