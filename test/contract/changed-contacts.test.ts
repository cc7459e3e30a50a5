import type { Simulator } from '@syncline/connectors/practicepanther/simulator';
import { expect, it } from 'vitest';
import { openPracticePanther } from './practicepanther-vendor.js';

type Store = Simulator['store'];
interface Nesting {
  readonly primary_contact: { readonly id: string };
  readonly other_contacts: readonly { readonly id: string }[];
}

/** What can happen to a contact. Each gives the id of the one that has to arrive because of it. */
const changes: Record<string, (store: Store) => string> = {
  edited: (store) => {
    const [, , id = ''] = store.ids('contacts');
    store.edit('contacts', id);
    return id;
  },
  'added to an account': (store) => store.add('contacts', { email: 'new@mail.example' }, store.ids('accounts')[0]),
  'added with its account': (store) => {
    const account = store.record('accounts', store.add('accounts')) as unknown as Nesting;
    return account.primary_contact.id;
  },
  'archived with its account': (store) => {
    const id = String(store.records('contacts').find(({ status }) => status === 'Active')?.['id']);
    store.archive('contacts', id);
    return id;
  },
  'made the primary one': (store) => {
    const accounts = store.records('accounts') as unknown as Nesting[];
    const company = accounts.find(({ other_contacts }) => other_contacts.length > 0);
    store.delete('contacts', company?.primary_contact.id ?? '');
    return company?.other_contacts[0]?.id ?? '';
  },
  restored: (store) => {
    const [, , , id = ''] = store.ids('contacts');
    store.delete('contacts', id);
    store.restore('contacts', id);
    return id;
  },
};

it.each(Object.entries(changes))(
  'a contact that was %s arrives, whatever the list of contacts makes of updated_since',
  async (_how, change) => {
    for (const contactEditsHidden of [false, true]) {
      const { simulator, read, asked } = await openPracticePanther({ contacts: 60, quirks: { contactEditsHidden } });
      const { store, clock } = simulator;
      clock.set(Date.parse('2030-01-01T00:00:00Z'));
      clock.stop(true);
      const id = change(store);
      const arrived = await read('contacts', { since: new Date(clock.nowMs()) });
      const truth = store.record('contacts', id);
      expect(arrived.get(id)).toMatchObject({ ok: { raw: truth, values: { email: truth?.['email'] ?? null } } });
      // Nobody comes along but who shares its account, and it takes one request.
      for (const other of arrived.keys()) {
        expect(store.record('contacts', other)?.['account_ref']).toEqual(truth?.['account_ref']);
      }
      expect(asked(/\/(accounts|contacts)$/)).toBe(1);
    }
  },
);
