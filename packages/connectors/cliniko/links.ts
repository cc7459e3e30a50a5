import type { Flag } from '@syncline/connector-kit';
import { z } from 'zod';

/** How records refer to others: by links, never by ids. One that there is not is null, absent, or an object without links. */
export const link = z
  .looseObject({ links: z.looseObject({ self: z.string().nullish() }).nullish() })
  .nullish()
  .or(z.literal('').transform(() => null));

const lastSegment = /\/(\d{1,30})\/?(?:[?#].*)?$/;

/**
 * The id at the end of a link; null where there is none. A link is only read, never followed, so that it does not matter
 * where it leads. One that ends on no id leads to a list, or nowhere: it is flagged.
 */
export function idOf(reference: z.infer<typeof link>, field: string, flag: Flag): string | null {
  const self = reference?.links?.self;
  if (self === null || self === undefined || self === '') return null;
  const id = lastSegment.exec(self)?.[1];
  if (id === undefined) flag(field, 'UNKNOWN_VALUE', self);
  return id ?? null;
}
