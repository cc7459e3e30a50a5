import { decimal, type Flag } from '@syncline/connector-kit';
import { z } from 'zod';

const fieldValue = z.object({
  custom_field_ref: z.object({ label: z.string() }),
  /** Numbers and amounts of money; what is typed into a text field may be one as well. */
  value_number: z.unknown().optional(),
  value_string: z.unknown().optional(),
  value_date_time: z.unknown().optional(),
});

/**
 * The exchange value among a matter's custom field values: the number of the field with that label, in any case. Null
 * where no field is chosen or the matter does not have it; flagged and null where its value is no number. Values of
 * other fields, and lists that are none, are nobody's concern here.
 */
export function exchangeValue(values: unknown, label: string | undefined, flag: Flag): string | null {
  if (label === undefined || !Array.isArray(values)) return null;
  const wanted = folded(label);
  for (const value of values) {
    const { success, data } = fieldValue.safeParse(value);
    if (!success || folded(data.custom_field_ref.label) !== wanted) continue;
    const given = data.value_number ?? data.value_string ?? data.value_date_time;
    // Labels need not be unique, and a field that is empty says nothing against its namesake.
    if (given !== null && given !== undefined && given !== '') return decimal(given, 'exchange_value', flag);
  }
  return null;
}

function folded(label: string): string {
  return label.trim().toLowerCase();
}
