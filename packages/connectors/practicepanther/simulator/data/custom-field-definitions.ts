import { BASE_FIELDS, customFieldIds } from './custom-fields.js';
import { type IdSpace, idSpace } from './identifiers.js';
import { CUSTOM_FIELD_SCOPES, type CustomField } from './record-shapes.js';
import type { Source } from './source.js';
import { timeline } from './timeline.js';

const BASE = CUSTOM_FIELD_SCOPES.flatMap((scope) =>
  BASE_FIELDS[scope].map(([label, value_type], index) => ({ scope, label, value_type, index })),
);

/** How many custom fields a firm starts with. Values refer to them, so their number is not a matter of size. */
export const BASE_FIELD_COUNT = BASE.length;

/** The custom fields of the firm, of all scopes. They have no times of their own; the vendor filters by hidden ones. */
export function customFieldSource(seed: number): Source {
  const ids = definitionIds(seed);
  const times = timeline(seed, 'custom fields', BASE.length);

  function derive(slot: number): CustomField {
    const base = BASE[slot];
    const scope = base?.scope ?? CUSTOM_FIELD_SCOPES[slot % 3] ?? 'matter';
    const value_type = base?.value_type ?? 'TextBox';
    return {
      id: ids.idOf(slot),
      label: base?.label ?? `Field ${slot + 1}`,
      value_type,
      dropdown_list_values: value_type === 'DropDownList' ? 'Retail, “Food & drink”, Logistik' : null,
      help_text: slot % 4 === 0 ? 'Ask the client.' : null,
      tooltip: null,
      scope,
    };
  }

  return { size: BASE.length, ids, ...times, sortKey: (slot) => derive(slot).label, derive };
}

/** Those that values refer to have the ids that the values know; added ones have a space of their own. */
function definitionIds(seed: number): IdSpace {
  const added = idSpace(seed, 'added custom fields');
  const known = BASE.map(({ scope, index }) => customFieldIds(seed, scope).idOf(index));
  return {
    idOf: (slot) => known[slot] ?? added.idOf(slot),
    slotOf: (id) => {
      const slot = known.indexOf(id.toLowerCase());
      return slot >= 0 ? slot : added.slotOf(id);
    },
  };
}
