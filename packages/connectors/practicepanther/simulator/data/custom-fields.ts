import { type Die, die, oneIn } from '../../../simulation/dice.js';
import { type IdSpace, idSpace } from './identifiers.js';
import type {
  ContactReference,
  CustomFieldReference,
  CustomFieldScope,
  CustomFieldType,
  CustomFieldValue,
} from './record-shapes.js';
import { DATA_STARTS } from './timeline.js';
import { formatDateOnly, formatVendorTime } from './timestamps.js';

/** Makes the custom field values of a record: none for some records, a few of the scope's fields for others. */
export type CustomFieldMaker = (index: number, contact: () => ContactReference | null) => CustomFieldValue[];

/** The fields that a firm has defined before anybody changes something, by what they describe. */
export const BASE_FIELDS: Readonly<Record<CustomFieldScope, readonly [string, CustomFieldType][]>> = {
  company: [
    ['Industry', 'DropDownList'],
    ['Insured', 'Checkbox'],
    ['Bookkeeper', 'Contact'],
  ],
  contact: [
    ['Birthday', 'Date'],
    ['Newsletter', 'Checkbox'],
    ['Preferred name', 'TextBox'],
  ],
  matter: [
    ['Purchase price', 'Currency'],
    ['Closing at', 'DateTime'],
    ['Parcels', 'Number'],
    ['Background', 'TextEditor'],
    ['Escrow agent', 'Contact'],
    ['Reverse', 'Checkbox'],
  ],
};

/** The ids of one scope's fields. */
export function customFieldIds(seed: number, scope: CustomFieldScope): IdSpace {
  return idSpace(seed, `${scope} custom fields`);
}

/** Makes the maker of one scope. About half of the records carry values, each of them one or two fields. */
export function customFields(seed: number, scope: CustomFieldScope): CustomFieldMaker {
  const ids = customFieldIds(seed, scope);
  const fields = BASE_FIELDS[scope].map(([label, value_type], slot): CustomFieldReference => {
    return { id: ids.idOf(slot), label, value_type };
  });
  const which: Die = die(seed, `${scope} custom field`);
  const content: Die = die(seed, `${scope} custom value`);

  return (index, contact) => {
    const roll = which(index);
    if (oneIn(2, roll)) return [];
    const from = (roll >>> 3) % fields.length;
    const count = 1 + ((roll >>> 8) % 2);
    return fields.slice(from, from + count).map((field, at) => fieldValue(field, content(index * 2 + at), contact));
  };
}

function fieldValue(
  field: CustomFieldReference,
  roll: number,
  contact: () => ContactReference | null,
): CustomFieldValue {
  const value: CustomFieldValue = {
    custom_field_ref: field,
    value_boolean: false,
    contact_ref: null,
    value_date_time: null,
    value_number: null,
    value_string: null,
  };
  switch (field.value_type) {
    case 'Checkbox':
      return { ...value, value_boolean: roll % 2 === 0 };
    case 'Contact':
      return { ...value, contact_ref: contact() };
    case 'Date':
      return { ...value, value_date_time: formatDateOnly(DATA_STARTS - (roll % 25_000) * 86_400_000) };
    case 'DateTime':
      return { ...value, value_date_time: formatVendorTime(DATA_STARTS + (roll % 1200) * 86_400_000 + 61_200_000) };
    case 'Number':
      return { ...value, value_number: roll % 50 };
    case 'Currency':
      return { ...value, value_number: oneIn(20, roll) ? null : (roll % 200_000_000) / 100 };
    default:
      return { ...value, value_string: roll % 5 === 0 ? null : `Choice ${roll % 40} – “typed”` };
  }
}
