import { z } from 'zod';

/**
 * Shapes that several records share, per the vendor's Swagger file and observed nulls (docs/vendors/practicepanther.md).
 * Only what is mapped is declared; the untouched record goes to pp_data.
 */
export const vendorId = z.string().min(1).max(200);

/** `*_ref` fields are nested objects, never bare ids. */
export const reference = z.object({ id: vendorId }).nullish();

export const timestamps = { created_at: z.string().nullish(), updated_at: z.string().nullish() };
