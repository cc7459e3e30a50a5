import type { Selection } from '@syncline/store';
import { z } from 'zod';

const instant = z.iso.datetime();

/** What a sync of mode backfill is about. */
export const selectionSchema = z
  .union([
    z.object({ ids: z.array(z.string()).describe("The vendor's ids") }),
    z.object({ from: instant, to: instant.nullable().describe('Null: up to the vendor’s present') }),
    z.object({
      scope: z.string().describe('What the records have in common, as the connector names it'),
      days: z.int().describe('So many back and ahead of when the sync was asked for'),
    }),
  ])
  .meta({
    id: 'Selection',
    description: 'Records by their ids, what changed in a span of time, both ends included, or what a scope is about',
  });

export function selectionAnswer(selection: Selection | null): z.infer<typeof selectionSchema> | null {
  if (selection === null) return null;
  return 'ids' in selection ? { ids: [...selection.ids] } : selection;
}
