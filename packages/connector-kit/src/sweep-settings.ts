import { z } from 'zod';
import { field } from './form-words.js';

/**
 * The brake on deletes. After a full sync, rows that the vendor's list no longer has are marked as deleted; if there are
 * more of them than both limits allow, none is, until somebody confirms it.
 */
export interface SweepSettings {
  /** The share of an entity's rows that a full sync may mark without being asked. 1 takes the brake off. */
  readonly sweepMaxShare: number;
  /** So many rows it may mark in any case, whatever their share. */
  readonly sweepMaxRows: number;
}

/** The settings' schemas with their defaults, for connectors to spread into theirs. */
export const sweepSettings = {
  sweepMaxShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .meta(
      field(
        'Share of rows that may go missing',
        'When a full sync misses more of an entity, somebody is asked before the rows are marked as deleted. 0.05 is 5 %; 1 never asks.',
        'Deletes',
      ),
    ),
  sweepMaxRows: z
    .number()
    .int()
    .min(0)
    .default(10)
    .meta(field('Rows that may go missing', 'So many are marked in any case, whatever their share.', 'Deletes')),
};
