import { mapRecord, parseJson, type SyncSettings, withSettings } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { matters } from './entities/matters.js';

const value = (label: string, slots: Record<string, unknown>, value_type = 'Currency') => ({
  custom_field_ref: { id: label, label, value_type },
  value_boolean: false,
  contact_ref: null,
  value_date_time: null,
  value_number: null,
  value_string: null,
  ...slots,
});

/** Maps a matter with these custom field values, for a connection that has chosen `exchangeValueField`. */
function map(values: unknown, exchangeValueField?: string) {
  const settings = { exchangeValueField } as unknown as SyncSettings;
  return mapRecord(withSettings(matters, settings).mapping, { id: 'm', custom_field_values: values });
}
const found = (number: string | null, flags: unknown[] = []) => ({ ok: { values: { exchange_value: number }, flags } });

describe('the exchange value', () => {
  const values = [value('Parcels', { value_number: 3 }), value('Purchase price', { value_number: 412500.1 })];

  it.each(['Purchase price', 'purchase PRICE', '  Purchase price '])(
    'is the custom field of that label: %j',
    (label) => {
      expect(map(values, label)).toMatchObject(found('412500.1'));
    },
  );

  it('is empty where no field is chosen, or the matter does not have it', () => {
    expect(map(values)).toMatchObject(found(null));
    expect(map(values, 'Price')).toMatchObject(found(null));
    expect(map([], 'Purchase price')).toMatchObject(found(null));
    expect(map([value('Purchase price', {})], 'Purchase price')).toMatchObject(found(null));
  });

  it('keeps every digit', () => {
    const { value: parsed } = parseJson(
      JSON.stringify([value('Price', { value_number: 1 })]).replace(':1,', ':9007199254740993.07,'),
    );
    expect(map(parsed, 'price')).toMatchObject(found('9007199254740993.07'));
  });

  it('may be a number in a text field', () => {
    expect(map([value('Price', { value_string: '412500.10' }, 'TextBox')], 'price')).toMatchObject(found('412500.10'));
  });

  it.each([
    ['value_string', '$412,500'],
    ['value_string', 'to be agreed'],
    ['value_date_time', '2025-06-02T19:00:00'],
    ['value_number', { amount: 3 }],
  ])('that is no number is flagged and not lost: %s %j', (slot, given) => {
    const flags = [{ field: 'exchange_value', code: 'BAD_NUMBER', value: given }];
    expect(map([value('Price', { [slot]: given })], 'Price')).toMatchObject(found(null, flags));
  });

  it('is looked for in every field of that label', () => {
    const twins = [value('Price', {}), value('price', { value_number: 5 })];
    expect(map(twins, 'PRICE')).toMatchObject(found('5'));
  });

  it.each([null, undefined, 'none', {}, [null], [{ custom_field_ref: null }], [{ custom_field_ref: { label: 7 } }]])(
    'does not cost the matter when the values are not as they should be: %j',
    (odd) => {
      expect(map(odd, 'Price')).toMatchObject(found(null));
    },
  );
});
