import type { VendorRecord } from './entities.js';
import type { IdSpace } from './identifiers.js';

/**
 * The untouched records of one entity, made from the seed on demand. A slot at or beyond `size` is a record that
 * a mutation may add later: it has an id and content as well, but no history of its own.
 */
export interface Source {
  readonly size: number;
  readonly ids: IdSpace;
  createdMs(slot: number): number;
  updatedMs(slot: number): number;
  /** What the vendor's default order goes by, without making the whole record. */
  sortKey(slot: number): string | number | null;
  derive(slot: number): VendorRecord;
}
