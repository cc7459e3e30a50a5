import { describe, expect, it } from 'vitest';
import { chooseProperties, driftOf } from './choose-properties.js';

const schema = {
  Tags: { id: 'tg', type: 'multi_select' },
  'Billing Email': { id: 'b%3Dl', type: 'email' },
  EMAIL: { id: 'em', type: 'email' },
  Services: { id: 'sv', type: 'relation' },
  Client: { id: 'title', type: 'title' },
};

describe('a property', () => {
  it('is found by its name first, whatever the case, and else by its type', () => {
    expect(chooseProperties(schema)).toEqual({
      name: { id: 'title', name: 'Client', type: 'title' },
      contact_email: { id: 'em', name: 'EMAIL', type: 'email' },
      products_services: { id: 'sv', name: 'Services', type: 'relation' },
      status: null,
    });
    const { EMAIL: _, Services: __, ...rest } = schema;
    const { contact_email, products_services } = chooseProperties(rest);
    expect([contact_email?.id, products_services?.id]).toEqual(['b%3Dl', 'tg']);
  });

  it('is the one that an operator names, by its name or its id', () => {
    for (const asked of ['billing email', 'b%3Dl', 'b=l']) {
      const { contact_email } = chooseProperties(schema, { contact_email: asked });
      expect(contact_email).toEqual({ id: 'b%3Dl', name: 'Billing Email', type: 'email', asked });
    }
    expect(() => chooseProperties(schema, { status: 'State' })).toThrow('columns.status');
  });

  it('stays the one that was chosen, until an operator names another, or no one any more', () => {
    const before = chooseProperties(schema, { contact_email: 'Billing Email' });
    expect(chooseProperties({}, { contact_email: 'Billing Email' }, before)).toEqual(before);
    expect(chooseProperties(schema, {}, before).contact_email?.id).toBe('em');
    expect(chooseProperties(schema, { contact_email: 'EMAIL' }, before).contact_email?.id).toBe('em');
  });

  it('that there was none of is looked for again', () => {
    const before = chooseProperties(schema);
    const more = { ...schema, Status: { id: 'st', type: 'select' } };
    expect(chooseProperties(more, {}, before).status?.id).toBe('st');
  });
});

describe('drift', () => {
  it('is told: another name, another type, nothing left', () => {
    const choice = chooseProperties(schema);
    expect(driftOf(choice, schema)).toEqual([]);
    const { EMAIL, Services: _, ...rest } = schema;
    expect(driftOf(choice, { ...rest, Mail: { ...EMAIL, type: 'rich_text' } })).toEqual([
      'the property "EMAIL" for contact_email is called "Mail" now',
      'the property "EMAIL" for contact_email was of type email and is of type rich_text now',
      'the property "Services" for products_services was removed; the column keeps what it had',
    ]);
  });
});
