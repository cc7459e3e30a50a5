import type { LineItem, Report } from './data/residuals.js';

/** Something that has happened in the books and that the vendor tells of: of merchants and transactions it tells nothing. */
export type StoreChange =
  | { readonly kind: 'published'; readonly report: Report; readonly added: number; readonly removed: number }
  | { readonly kind: 'line item'; readonly item: LineItem }
  | { readonly kind: 'chargeback'; readonly transactionId: number };
