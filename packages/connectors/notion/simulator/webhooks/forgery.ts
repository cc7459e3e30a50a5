import { randomBytes, randomUUID } from 'node:crypto';
import { oneOf } from '../../../simulation/dice.js';
import type { Letter } from '../../../simulation/webhooks/letter.js';
import { letterOf } from './letter.js';

const FORGERIES = ['wrong secret', 'unsigned', 'tampered body'] as const;

/**
 * An event as somebody without the token would send it. It has the id of a real one: a receiver that notes ids before
 * it looks at signatures would take the real one for a duplicate.
 */
export function forge(roll: number, envelope: Readonly<Record<string, unknown>>, token: string): Letter {
  switch (oneOf(FORGERIES, roll)) {
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
