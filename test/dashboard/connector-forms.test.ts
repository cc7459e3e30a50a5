import { describe, expect, it } from 'vitest';
import { toldConnectors } from '../../apps/api/testing/told-connectors.js';
import { changesOf, draftOf, type FormField, fieldsOf, readDraft } from '../../apps/dashboard/testing/schema-forms.js';

const all = (fields: readonly FormField[]): FormField[] => fields.flatMap((one) => [one, ...all(one.fields)]);

describe.each(toldConnectors)('the forms of $id', ({ credentials, settings }) => {
  it('have a control, a name and a hint for each field, and secrets are none that anybody sees', () => {
    const drawn = all([...fieldsOf(credentials), ...fieldsOf(settings)]);
    expect(drawn.filter(({ kind }) => kind === 'json').map(({ path }) => path)).toEqual([]);
    expect(fieldsOf(credentials).filter(({ kind }) => kind === 'secret').length).toBeGreaterThan(0);
    for (const properties of [credentials['properties'], settings['properties']] as Record<string, object>[]) {
      for (const [key, property] of Object.entries(properties)) {
        expect([key, property]).toEqual([key, expect.objectContaining({ title: expect.stringMatching(/^[A-Z]/) })]);
      }
    }
  });

  it('hide nothing that has to be filled in', () => {
    for (const one of fieldsOf(settings)) if (one.isRequired) expect(one.heading).toBeUndefined();
  });
});

describe('a form', () => {
  const fields = fieldsOf({
    type: 'object',
    required: ['key'],
    properties: {
      pageSize: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
      share: { type: 'number', minimum: 0, maximum: 1 },
      size: { type: 'number', enum: [10, 25] },
      isOn: { type: 'boolean' },
      words: { type: 'array', items: { type: 'string' } },
      columns: {
        type: 'object',
        propertyNames: { type: 'string', enum: ['name', 'email'] },
        additionalProperties: { type: 'string' },
      },
      odd: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      key: { type: 'string', format: 'password' },
    },
  });
  const values = {
    ...{ key: 'k', pageSize: 7, share: 0.5, size: 25, isOn: false, words: ['a', 'b'] },
    ...{ columns: { email: 'Mail' }, odd: { any: ['thing'] } },
  };

  it('has each kind of field, what is required first', () => {
    const kinds = fields.map(({ path, kind }) => [path.join(), kind]);
    expect(kinds).toEqual([
      ['key', 'secret'],
      ['pageSize', 'number'],
      ['share', 'number'],
      ['size', 'choice'],
      ['isOn', 'yes-no'],
      ['words', 'words'],
      ['columns', 'group'],
      ['odd', 'json'],
    ]);
  });

  it('says again what it was given, whatever its kind', () => {
    expect(readDraft(fields, draftOf(fields, values))).toEqual({ values, problems: {} });
  });

  it('says nothing for what is empty, and what is wrong beside its field', () => {
    expect(readDraft(fields, { key: 'k', pageSize: ' ', 'columns.name': '' })).toEqual({
      values: { key: 'k' },
      problems: {},
    });
    const wrong = { pageSize: '101', share: 'half', odd: '{', words: 'one,\n two' };
    const { problems, values: read } = readDraft(fields, wrong);
    expect(Object.keys(problems).sort()).toEqual(['key', 'odd', 'pageSize', 'share']);
    expect(problems['pageSize']).toBe('Has to be a whole number from 1 to 100');
    expect(read).toEqual({ words: ['one', 'two'] });
  });

  it('sends what is different, and null for what is to be as usual again', () => {
    const after = { key: 'k', pageSize: 8, share: 0.5, columns: { email: 'Mail' } };
    expect(changesOf({ key: 'k', pageSize: 7, size: 25, columns: { email: 'Mail' } }, after)).toEqual({
      ...{ pageSize: 8, share: 0.5, size: null },
    });
  });
});
