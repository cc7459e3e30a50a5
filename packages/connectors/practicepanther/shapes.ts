import { z } from 'zod';

/**
 * Shapes that several records share, per the vendor's Swagger file and observed nulls (docs/vendors/practicepanther.md).
 * Only what is mapped is declared; the untouched record goes to pp_data.
 */
export const vendorId = z.string().min(1).max(200);

/** `*_ref` fields are nested objects, never bare ids. */
export const reference = z.object({ id: vendorId }).nullish();

/** Lists of such references are kept as they came: names belong to the moment, ids lead to rows. */
export const references = z.array(z.looseObject({ id: vendorId })).nullish();

export const tags = z.array(z.string()).nullish();

export const timestamps = { created_at: z.string().nullish(), updated_at: z.string().nullish() };
