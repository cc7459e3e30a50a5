import { z } from 'zod';
import { ENTITIES, type Entity, perEntity } from '../data/entities.js';

const amountSchema = z.union([z.int().min(0), z.partialRecord(z.enum(ENTITIES), z.int().min(0))]);

/** What a round of mutations is asked to do, as tests and the control endpoint say it. */
export const mutationRequestSchema = z.strictObject({
  seed: z.int().default(1),
  deletes: amountSchema.default(0),
  edits: amountSchema.default(0),
  completions: z.int().min(0).default(0),
  archives: amountSchema.default(0),
  adds: amountSchema.default(0),
});

/** How many records: of each entity, or in all (then dealt to contacts, matters, tasks and accounts in turn). */
export type Amount = number | Partial<Record<Entity, number>>;

/** A round of mutations; what is left out is nothing. */
export type MutationRequest = z.input<typeof mutationRequestSchema>;

/** Ids by entity. */
export type IdsByEntity = Record<Entity, string[]>;

/**
 * What a round did. Contacts of a deleted account are among the deleted; an archived contact takes the other contacts
 * of its account along, which are not listed. `touched` are accounts whose time moved because of one of their contacts: an incremental read
 * sees them beside the records that were asked for.
 */
export interface MutationResult {
  deleted: IdsByEntity;
  edited: IdsByEntity;
  completed: IdsByEntity;
  archived: IdsByEntity;
  added: IdsByEntity;
  touched: string[];
}

const DEALT: readonly Entity[] = ['contacts', 'matters', 'tasks', 'accounts'];

/** An empty list of ids for every entity. */
export function noIds(): IdsByEntity {
  return perEntity(() => []);
}

/** The number of records of each entity that an amount means. */
export function dealOut(amount: Amount, among: readonly Entity[] = DEALT): Record<Entity, number> {
  const dealt = perEntity(() => 0);
  if (typeof amount === 'object') return { ...dealt, ...amount };
  for (let at = 0; at < amount; at++) dealt[among[at % among.length] as Entity]++;
  return dealt;
}
