import { z } from 'zod';

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
  sweepMaxShare: z.number().min(0).max(1).default(0.05),
  sweepMaxRows: z.number().int().min(0).default(10),
};
