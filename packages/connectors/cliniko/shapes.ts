import { type Flag, instant, optionalDecimal, type WordMap, wordMap } from '@syncline/connector-kit';
import { z } from 'zod';

/**
 * Shapes that several records share (docs/vendors/cliniko.md). Only what is mapped is declared; the untouched record goes
 * to cliniko_data.
 */

/** Ids are strings of digits, many beyond what a number can hold. Very old answers have numbers, which come losslessly. */
export const vendorId = z.union([z.string().min(1).max(200), optionalDecimal.pipe(z.string())]);

export const vendorIds = z.array(vendorId).nullish();

export const flag = z.boolean().nullish();

export const timestamps = { created_at: z.string().nullish(), updated_at: z.string().nullish() };

/** How the vendor says that a record is not in use any more. */
export const retirement = { archived_at: z.string().nullish(), deleted_at: z.string().nullish() };

/** The columns of `retirement`. The vendor's `deleted_at` is not ours, which also says what a full sync did not find. */
export const retirementColumns = { archived_at: 'timestamptz', cliniko_deleted_at: 'timestamptz' } as const;
export const retirementTombstones = ['cliniko_deleted_at', 'archived_at'] as const;

export function retirementOf(record: z.infer<z.ZodObject<typeof retirement>>, doubt: Flag) {
  return {
    archived_at: instant(record.archived_at, 'archived_at', doubt),
    cliniko_deleted_at: instant(record.deleted_at, 'cliniko_deleted_at', doubt),
  };
}

/** What appointments and attendees say about a cancellation. */
export const cancellation = {
  cancelled_at: z.string().nullish(),
  cancellation_reason: optionalDecimal,
  cancellation_reason_description: z.string().nullish(),
  cancellation_note: z.string().nullish(),
};

export const cancellationColumns = {
  cancelled_at: 'timestamptz',
  cancellation_reason: 'text',
  cancellation_note: 'text',
} as const;

const cancellationReason = wordMap({
  10: 'Feeling Better',
  20: 'Condition Worse',
  30: 'Sick',
  31: 'COVID-19 related',
  40: 'Away',
  50: 'Other',
  60: 'Work',
});

export function cancellationOf(record: z.infer<z.ZodObject<typeof cancellation>>, doubt: Flag) {
  return {
    cancelled_at: instant(record.cancelled_at, 'cancelled_at', doubt),
    cancellation_reason:
      record.cancellation_reason_description ||
      cancellationReason(record.cancellation_reason, 'cancellation_reason', doubt),
    cancellation_note: record.cancellation_note,
  };
}

/** The vendor has numbers for these; what it will add to them is kept as it comes, flagged. */
export const invoiceStatus: WordMap = wordMap({ 10: 'open', 20: 'paid', 30: 'closed', 40: 'open_with_credit' });
export const treatmentNoteStatus: WordMap = wordMap({ 10: 'draft', 90: 'final' });
