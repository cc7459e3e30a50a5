import { commitPages } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, marks, page, type Row, record, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const cork = { street_1: '1 Quay', city: 'Cork' };
const account = (id: string, fields: Row = {}) => record(id, { company_name: `${id} Ltd`, address: cork, ...fields });
const contact = (id: string, of: string | null, fields: Row = {}) => record(id, { pp_account_id: of, ...fields });
const primary = (id: string, of: string) => contact(id, of, { is_primary: true });
const matter = (id: string, of: string | null) => record(id, { pp_account_id: of });
const task = (id: string, of: { matter?: string; account?: string }) =>
  record(id, { pp_matter_id: of.matter ?? null, pp_account_id: of.account ?? null });

const one = async (entity: Parameters<Scene['rows']>[0], id: string) => (await scene.rows(entity))[id] ?? {};
const idOf = async (entity: Parameters<Scene['rows']>[0], id: string) => (await one(entity, id))['id'];

describe('a child that comes after its parent', () => {
  it('is linked as it is written, and copies what it takes over', async () => {
    await scene.write('accounts', [account('acme'), account('other')]);
    await scene.write('contacts', [contact('maria', 'acme'), contact('nobody', null), contact('stray', 'unknown')]);
    const linked = { account_id: await idOf('accounts', 'acme'), company: 'acme Ltd', address: cork };
    expect(await one('contacts', 'maria')).toMatchObject(linked);
    const unlinked = { account_id: null, company: null, address: null };
    expect(await one('contacts', 'nobody')).toMatchObject(unlinked);
    expect(await one('contacts', 'stray')).toMatchObject(unlinked);
  });

  it('is linked along the whole chain', async () => {
    await scene.write('accounts', [account('acme')]);
    await scene.write('contacts', [primary('maria', 'acme')]);
    await scene.write('matters', [matter('lease', 'acme')]);
    await scene.write('tasks', [task('call', { matter: 'lease', account: 'acme' })]);
    const acme = await idOf('accounts', 'acme');
    const maria = await idOf('contacts', 'maria');
    expect(await one('matters', 'lease')).toMatchObject({ account_id: acme, client_id: maria });
    expect(await one('tasks', 'call')).toMatchObject({ account_id: acme, exchange_id: await idOf('matters', 'lease') });
  });

  it('moves to another parent with its own change', async () => {
    await scene.write('accounts', [account('acme'), account('bolt', { address: null })]);
    await scene.write('contacts', [contact('maria', 'acme')]);
    expect(await scene.write('contacts', [contact('maria', 'bolt')])).toMatchObject({ updated: 1 });
    const bolt = { account_id: await idOf('accounts', 'bolt'), company: 'bolt Ltd', address: null };
    expect(await one('contacts', 'maria')).toMatchObject(bolt);
  });

  it('is not linked to a parent of another connection', async () => {
    const other = await createScene(bed);
    await other.write('accounts', [account('acme')]);
    await scene.write('contacts', [contact('maria', 'acme')]);
    expect(await one('contacts', 'maria')).toMatchObject({ account_id: null, company: null });
  });
});

describe('a child that comes before its parent', () => {
  it('is written unlinked, and linked when the parent arrives', async () => {
    await scene.write('tasks', [task('call', { matter: 'lease', account: 'acme' })]);
    await scene.write('matters', [matter('lease', 'acme')]);
    await scene.write('contacts', [primary('maria', 'acme')]);
    expect(await one('tasks', 'call')).toMatchObject({ exchange_id: await idOf('matters', 'lease'), account_id: null });
    expect(await one('matters', 'lease')).toMatchObject({ client_id: await idOf('contacts', 'maria') });

    await scene.write('accounts', [account('acme')]);
    const acme = await idOf('accounts', 'acme');
    expect(await one('tasks', 'call')).toMatchObject({ account_id: acme });
    expect(await one('matters', 'lease')).toMatchObject({ account_id: acme });
    expect(await one('contacts', 'maria')).toMatchObject({ account_id: acme, company: 'acme Ltd', address: cork });
  });

  it('is linked in a first load as well', async () => {
    await scene.write('contacts', [contact('maria', 'acme')]);
    const run = await scene.claim('accounts');
    await commitPages(bed.db, scene.target('accounts', true), run, page([account('acme')]));
    expect(await one('contacts', 'maria')).toMatchObject({ company: 'acme Ltd' });
  });

  it('of another connection is left alone', async () => {
    const other = await createScene(bed);
    await other.write('contacts', [contact('maria', 'acme')]);
    await scene.write('contacts', [contact('zoe', 'acme')]);
    const before = marks(await other.rows('contacts'));
    await scene.write('accounts', [account('acme')]);
    expect(marks(await other.rows('contacts'))).toEqual(before);
  });
});

describe('when a parent changes', () => {
  it('its children take over what they copy from it, and no other row is touched', async () => {
    await scene.write('accounts', [account('acme'), account('bolt')]);
    await scene.write('contacts', [contact('maria', 'acme'), contact('zoe', 'acme'), contact('max', 'bolt')]);
    const before = marks(await scene.rows('contacts'));
    await scene.write('accounts', [account('acme', { company_name: 'Acme & Sons', address: { city: 'Galway' } })]);
    const rows = await scene.rows('contacts');
    for (const id of ['maria', 'zoe']) {
      expect(rows[id]).toMatchObject({ company: 'Acme & Sons', address: { city: 'Galway' } });
    }
    expect(marks(rows)['max']).toBe(before['max']);
  });

  it('in what nobody copies, its children are not touched', async () => {
    await scene.write('accounts', [account('acme')]);
    await scene.write('contacts', [contact('maria', 'acme')]);
    const before = marks(await scene.rows('contacts'));
    expect(await scene.write('accounts', [account('acme', { notes: 'new' })])).toMatchObject({ updated: 1 });
    expect(marks(await scene.rows('contacts'))).toEqual(before);
  });

  it('and its child is read again unchanged, nothing is written', async () => {
    await scene.write('accounts', [account('acme')]);
    await scene.write('contacts', [contact('maria', 'acme')]);
    await scene.write('accounts', [account('acme', { company_name: 'Acme & Sons' })]);
    const before = marks(await scene.rows('contacts'));
    expect(await scene.write('contacts', [contact('maria', 'acme')])).toMatchObject({ unchanged: 1 });
    expect(marks(await scene.rows('contacts'))).toEqual(before);
  });
});

describe("a matter's client", () => {
  it("is its account's primary contact, not just any", async () => {
    await scene.write('contacts', [contact('aaron', 'acme'), primary('maria', 'acme'), primary('max', 'bolt')]);
    await scene.write('matters', [matter('lease', 'acme'), matter('will', 'bolt'), matter('loan', 'nobody')]);
    expect(await one('matters', 'lease')).toMatchObject({ client_id: await idOf('contacts', 'maria') });
    expect(await one('matters', 'will')).toMatchObject({ client_id: await idOf('contacts', 'max') });
    expect(await one('matters', 'loan')).toMatchObject({ client_id: null });
  });

  it('is the one with the lowest id, if the vendor names several primary ones', async () => {
    await scene.write('contacts', [primary('zoe', 'acme'), primary('maria', 'acme')]);
    await scene.write('matters', [matter('lease', 'acme')]);
    expect(await one('matters', 'lease')).toMatchObject({ client_id: await idOf('contacts', 'maria') });
  });

  it('changes when another contact becomes the primary one', async () => {
    await scene.write('contacts', [primary('maria', 'acme'), contact('zoe', 'acme')]);
    await scene.write('matters', [matter('lease', 'acme')]);
    await scene.write('contacts', [contact('maria', 'acme', { is_primary: false }), primary('zoe', 'acme')]);
    expect(await one('matters', 'lease')).toMatchObject({ client_id: await idOf('contacts', 'zoe') });
  });

  it('comes to the same whether contacts or matters arrive first, one by one or together', async () => {
    const contacts = [primary('zoe', 'acme'), primary('maria', 'acme'), contact('aaron', 'acme')];
    const orders = [contacts, contacts.toReversed()];
    for (const order of orders) {
      const fresh = await createScene(bed);
      await fresh.write('matters', [matter('lease', 'acme')]);
      for (const each of order) await fresh.write('contacts', [each]);
      const { maria } = await fresh.rows('contacts');
      expect((await fresh.rows('matters'))['lease']).toMatchObject({ client_id: maria?.['id'] });
    }
    const together = await createScene(bed);
    await together.write('matters', [matter('lease', 'acme')]);
    await together.write('contacts', contacts);
    const { maria } = await together.rows('contacts');
    expect((await together.rows('matters'))['lease']).toMatchObject({ client_id: maria?.['id'] });
  });

  it('stays, and its row untouched, when a contact changes in what is nothing to matters', async () => {
    await scene.write('contacts', [primary('maria', 'acme'), contact('zoe', 'acme')]);
    await scene.write('matters', [matter('lease', 'acme')]);
    const before = marks(await scene.rows('matters'));
    const change = { is_primary: true, email: 'maria@acme.example' };
    expect(await scene.write('contacts', [contact('maria', 'acme', change)])).toMatchObject({ updated: 1 });
    expect(marks(await scene.rows('matters'))).toEqual(before);
  });

  it('is gone when nobody is primary any more', async () => {
    await scene.write('contacts', [primary('maria', 'acme')]);
    await scene.write('matters', [matter('lease', 'acme')]);
    await scene.write('contacts', [contact('maria', 'acme', { is_primary: false })]);
    expect(await one('matters', 'lease')).toMatchObject({ client_id: null });
  });

  it('is gone when the primary contact goes over to another account', async () => {
    await scene.write('contacts', [primary('maria', 'acme')]);
    await scene.write('matters', [matter('lease', 'acme')]);
    await scene.write('contacts', [primary('maria', 'bolt')]);
    expect(await one('matters', 'lease')).toMatchObject({ client_id: null });
  });
});
