import { eventually } from '@syncline/testing';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  audience,
  type IdentityProvider,
  issuer,
  startIdentityProvider,
} from '../../apps/api/testing/identity-provider.js';
import { startProxy } from '../chaos/proxy.js';
import { createFirm, type Firm } from '../e2e/firm.js';
import { expectTruth } from '../e2e/truth.js';
import { findChromium } from './find-chromium.js';
import { expectAccessible, startBrowser, type Visit, type VisitOptions, visit } from './visit.js';

const executable = findChromium();

describe.skipIf(executable === undefined)('the dashboard', () => {
  let firm: Firm;
  let browser: Browser;
  let provider: IdentityProvider;
  const visits: Visit[] = [];
  beforeAll(async () => {
    provider = await startIdentityProvider();
    [browser, firm] = await Promise.all([
      startBrowser(executable ?? ''),
      createFirm(
        { contacts: 60, pageSize: 10 },
        {
          ...{ ENABLE_SYNC_SCHEDULER: 'true', SYNCLINE_RECOVERY_BASE_SECONDS: '3600', SYNCLINE_RECONCILE_SECONDS: '1' },
          ...{ SYNCLINE_JWT_JWKS_URL: provider.jwksUrl, SYNCLINE_JWT_ISSUER: issuer, SYNCLINE_JWT_AUDIENCE: audience },
        },
      ),
    ]);
    await firm.startWorker();
    await postponeSchedules(await connectionId());
    await firm.sync('full');
  });
  afterAll(async () => {
    await browser?.close();
    await firm?.close();
    await provider?.close();
  });
  afterEach(async () => {
    for (const one of visits.splice(0)) {
      expect(one.complaints, 'what the browser complained of').toEqual([]);
      await one.close();
    }
  });

  async function come(options: VisitOptions = {}): Promise<Page> {
    const one = await visit(browser, firm.api.url, options);
    visits.push(one);
    return one.page;
  }

  async function signIn(page: Page, key = firm.bed.adminKey): Promise<void> {
    await page.getByLabel('Key', { exact: true }).fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async function enter(path: string, options: VisitOptions = {}): Promise<Page> {
    const page = await come(options);
    await page.goto(`/app${path}`);
    await signIn(page);
    return page;
  }

  async function makeKey(role: string, organization?: string): Promise<string> {
    const response = await fetch(`${firm.api.url}/api/v1/api-keys`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${firm.bed.adminKey}`,
        'content-type': 'application/json',
        ...(organization && { 'x-organization-id': organization }),
      },
      body: JSON.stringify({ name: `key of a ${role}`, role }),
    });
    return ((await response.json()) as { key: string }).key;
  }

  /** Half a day from now, UTC: nothing is due meanwhile, whenever the tests run. */
  const farHour = String((new Date().getUTCHours() + 12) % 24).padStart(2, '0');

  /** A connection has schedules from the beginning: one that is due would be in the way of a sync by hand. */
  async function postponeSchedules(connectionId: string): Promise<void> {
    const { body } = await firm.request('GET', `/api/v1/schedules?connectionId=${connectionId}`);
    const { data } = body as { data: readonly { id: string }[] };
    for (const { id } of data) {
      const times = { cron: `30 ${farHour} * * *`, timeZone: 'UTC' };
      expect((await firm.request('PATCH', `/api/v1/schedules/${id}`, times)).status).toBe(200);
    }
  }

  const connectionId = async () =>
    (
      await firm.bed.db
        .selectFrom('connections')
        .select('id')
        .where('from_environment', '=', true)
        .executeTakeFirstOrThrow()
    ).id;

  it('asks for a key, says when it is wrong, and leads on to where somebody wanted to go', async () => {
    const page = await come();
    await page.goto('/app/failed-items');
    await page.getByRole('heading', { name: 'Sign in to Syncline' }).waitFor();
    await expectAccessible(page);
    await signIn(page, 'wrong');
    await page
      .getByText(/key|credentials/i)
      .last()
      .waitFor();
    await signIn(page);
    await page.getByRole('heading', { name: 'Failed items', level: 1 }).waitFor();
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([{ name: 'syncline_session', httpOnly: true, sameSite: 'Strict' }]);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Syncline' }).waitFor();
  });

  it('starts a sync, shows it live, and its end', async () => {
    const page = await enter(`/connections/${await connectionId()}`);
    const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 2 } });
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByLabel('What', { exact: true }).selectOption('full');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { name: 'Full sync' }).waitFor();
    await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
    const contacts = page.getByRole('row', { name: /^contacts/ });
    await contacts.getByText('running').waitFor();
    await contacts.getByText('2 pages').waitFor();
    const overview = await page.context().newPage();
    await overview.goto('/app/');
    await overview.getByRole('region', { name: 'Running now' }).getByText('contacts').waitFor();

    // Told by the server: nobody asks for the page again.
    firm.simulator.holds.release({ id: hold });
    await page.getByText('succeeded').first().waitFor();
    await contacts.getByText('7 pages').or(contacts.getByText('6 pages')).waitFor();
    await overview.getByRole('region', { name: 'Running now' }).waitFor({ state: 'detached' });
    await expectAccessible(page);
  });

  it('shows what a vendor broke, takes the record mended by hand, and has it in the table', async () => {
    const { store } = firm.simulator;
    const [id = ''] = store.ids('tasks').slice(5);
    store.set('tasks', id, { fields: { subject: { $raw: '{"no":"text"}' } }, touch: true });
    const job = await firm.sync('incremental');
    expect(job.status).toBe('partial');

    const page = await enter('/failed-items');
    await page.getByRole('button', { name: new RegExp(`^tasks ${id}`) }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('RECORD_INVALID').first().waitFor();
    await expectAccessible(page);
    const record = dialog.getByLabel('Record');
    const text = await record.inputValue();
    await record.fill(text.replace(/"subject":\s*\{[^}]*\}/, '"subject": "Mended by hand"'));
    await dialog.getByRole('button', { name: 'Keep and retry' }).click();
    await page.getByText('Nothing has failed').waitFor();
    const { rows } = await sql<{ title: string }>`select title from tasks where pp_task_id = ${id}`.execute(
      firm.bed.db,
    );
    expect(rows).toEqual([{ title: 'Mended by hand' }]);
    store.set('tasks', id, { fields: { subject: 'Mended by hand' }, touch: true });
    await firm.sync('incremental');
    await expectTruth(firm.bed, firm.simulator);
  });

  it('tells what happened to an item before, finds the field that is wrong, and closes many with one note', async () => {
    const { store } = firm.simulator;
    const ids = store.ids('tasks').slice(8, 11);
    for (const id of ids) store.set('tasks', id, { fields: { subject: { $raw: '{"no":"text"}' } }, touch: true });
    expect((await firm.sync('incremental')).status).toBe('partial');

    const page = await enter('/failed-items');
    const [id = '', ...others] = ids;
    await page.getByRole('button', { name: new RegExp(`^tasks ${id}`) }).click();
    const dialog = page.getByRole('dialog');
    const happened = dialog.getByRole('region', { name: 'What happened' }).getByRole('listitem');
    await happened.getByText('RECORD_INVALID').waitFor();
    expect(await happened.count()).toBe(1);
    expect(await happened.getByRole('link', { name: 'this sync' }).count()).toBe(1);
    await dialog.getByText('What is wrong with subject is marked').waitFor();
    expect(JSON.parse((await dialog.locator('mark').textContent()) ?? '')).toEqual({ no: 'text' });

    // Still wrong: it is kept, and the page says what is in the way.
    const record = dialog.getByLabel('Record');
    const text = await record.inputValue();
    await record.fill(text.replace(/"subject":\s*\{[^}]*\}/, '"subject": ["no text"]'));
    await dialog.getByRole('button', { name: 'Keep and retry' }).click();
    await dialog
      .getByText(/expected string/)
      .last()
      .waitFor();
    await happened.getByText(/^Record changed by .+/).waitFor();
    await dialog.getByRole('button', { name: 'Retry', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    // Nobody has to ask for it: what the recovery makes of it comes by itself.
    await page
      .getByRole('row', { name: new RegExp(id) })
      .getByText('needs you')
      .waitFor();
    await page.getByRole('button', { name: new RegExp(`^tasks ${id}`) }).click();
    await happened.getByText('Given up').waitFor();
    const told = await happened.allTextContents();
    expect(
      told.map((line) => /^(Failed again|Failed|Record changed|Retry asked for|Given up)/.exec(line)?.[0]),
    ).toEqual([...['Given up', 'Failed again', 'Retry asked for', 'Record changed', 'Failed']]);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    // What was chosen is not chosen any more when something else is shown.
    for (const other of others) await page.getByLabel(`Choose tasks ${other}`).check();
    await page.getByText('2 of 3 chosen').waitFor();
    await page.getByLabel('Status').selectOption('dead');
    await page.getByText('1 item', { exact: true }).waitFor();
    await page.getByLabel('Entity').selectOption('tasks');
    await page.getByLabel('Reason').selectOption('RECORD_INVALID');
    await page.getByLabel('Status').selectOption('pending');
    await page.getByText('2 items').waitFor();
    await page.getByRole('button', { name: 'Resolve 2 of this list' }).click();
    await dialog.getByLabel('Why').fill('mended at the vendor');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Resolve 2' }).click();
    await page.getByText('No item fits').waitFor();
    const items = await firm.bed.db
      .selectFrom('sync_failed_items')
      .select(['vendor_id as id', 'status', 'note'])
      .where('vendor_id', 'in', ids)
      .execute();
    expect(new Set(items)).toEqual(
      new Set([
        { id, status: 'dead', note: null },
        ...others.map((other) => ({ id: other, status: 'resolved', note: 'mended at the vendor' })),
      ]),
    );
    for (const one of ids) store.set('tasks', one, { fields: { subject: 'Whole again' }, touch: true });
    await firm.sync('incremental');
    await expectTruth(firm.bed, firm.simulator);
  });

  it('finds what somebody deleted behind our back, shows it, and has it repaired', async () => {
    const connection = await connectionId();
    const [gone = ''] = firm.simulator.store.ids('contacts').slice(3);
    const { numAffectedRows } = await sql`delete from contacts where pp_contact_id = ${gone}`.execute(firm.bed.db);
    expect(numAffectedRows).toBe(1n);

    const page = await enter(`/connections/${connection}`);
    const dialog = page.getByRole('dialog');
    const verifyContacts = async () => {
      await page.getByRole('button', { name: 'Verify', exact: true }).click();
      await dialog.getByLabel('contacts', { exact: true }).check();
      await dialog.getByRole('button', { name: 'Verify' }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await verifyContacts();
    const contacts = page.getByRole('table', { name: 'Verified entities' }).getByRole('row', { name: /^contacts/ });
    await contacts.getByText('1 missing').waitFor();
    await contacts.getByText(/^\d+ of \d+ equal$/).waitFor();
    await page.getByText('1 difference.').waitFor();
    const finding = page.getByRole('table', { name: 'Findings' }).getByRole('row', { name: new RegExp(gone) });
    await finding.getByText('missing').waitFor();
    await finding.getByText('yes, it is so').waitFor();
    await page.getByLabel('What', { exact: true }).selectOption('extra');
    await page.getByText('Nothing of this was found').waitFor();
    await page.getByLabel('What', { exact: true }).selectOption('missing');
    await finding.waitFor();
    await expectAccessible(page);

    // From the table of entities its drift leads back to it.
    await page.getByRole('tab', { name: 'Entities' }).click();
    await page.getByRole('link', { name: '1 missing, 0 extra, 0 different' }).click();
    await finding.waitFor();

    await page.getByRole('button', { name: 'Repair' }).click();
    await dialog.getByText('1 missing: fetched and written').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Repair' }).click();
    await page.getByText('Verify again to be sure').waitFor();
    expect(await contacts.getByRole('link', { name: 'repaired by a sync' }).count()).toBe(1);
    const { rows } = await sql`select from contacts where pp_contact_id = ${gone} and deleted_at is null`.execute(
      firm.bed.db,
    );
    expect(rows).toHaveLength(1);

    await verifyContacts();
    await page.getByText('Clean: every row is as the vendor has it.').waitFor();
    await page.getByRole('table', { name: 'All verifications' }).getByText('nothing').waitFor();
    await page.getByRole('tab', { name: 'Entities' }).click();
    await page
      .getByRole('table', { name: 'Entities' })
      .getByRole('row', { name: /^contacts/ })
      .getByText('none')
      .last()
      .waitFor();
    await page
      .getByRole('row', { name: /^contacts/ })
      .getByRole('cell')
      .last()
      .getByText('none')
      .waitFor();
  });

  it('changes a schedule, and the next sync moves', async () => {
    const page = await enter(`/connections/${await connectionId()}`);
    await page.getByRole('tab', { name: 'Schedules' }).click();
    await page.getByRole('button', { name: 'Edit full' }).click();
    await page.getByLabel('How often').selectOption('daily');
    await page.getByLabel('At', { exact: true }).fill(`${farHour}:45`);
    await page.getByLabel('Time zone').fill('UTC');
    const preview = page.getByRole('dialog').getByRole('status');
    await expect.poll(() => preview.getByRole('listitem').count()).toBe(5);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const cron = `45 ${Number(farHour)} * * *`;
    await page
      .getByRole('row', { name: /^full / })
      .getByText(cron)
      .waitFor();
    const schedule = await firm.bed.db
      .selectFrom('sync_schedules')
      .select(['cron', 'next_due_at as next'])
      .where('name', '=', 'full')
      .executeTakeFirstOrThrow();
    expect(schedule.cron).toBe(cron);
    expect(schedule.next?.toISOString()).toContain(`T${farHour}:45:00`);
  });

  it('stops everything after a question, shows it, and goes on', async () => {
    const page = await enter('/settings');
    await page.getByRole('button', { name: 'Stop all syncs' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Stop all syncs' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('Ids change tonight');
    await dialog.getByLabel(/Type/).fill('stop');
    await dialog.getByRole('button', { name: 'Stop all syncs' }).click();
    await page.getByText(/^Stopped .*: Ids change tonight$/).waitFor();
    expect((await firm.request('POST', '/api/sync/trigger', { syncType: 'full' })).body).toMatchObject({
      code: 'SYNC_STOPPED',
    });
    await page.getByRole('button', { name: 'Lift it: go on' }).click();
    await page.getByRole('button', { name: 'Stop all syncs' }).waitFor();
    expect((await firm.sync('incremental')).status).toBe('succeeded');
  });

  it('shows nobody what is not theirs: a viewer no buttons, another organization nothing at all', async () => {
    const viewer = await come();
    await viewer.goto(`/app/connections/${await connectionId()}`);
    await signIn(viewer, await makeKey('viewer'));
    await viewer.getByRole('tab', { name: 'Entities' }).waitFor();
    expect(await viewer.getByRole('button', { name: 'Sync now' }).count()).toBe(0);
    expect(await viewer.getByRole('link', { name: 'Queues' }).count()).toBe(0);

    const { status } = await firm.request('POST', '/api/v1/organizations', { slug: 'other', name: 'Another firm' });
    expect(status).toBe(201);
    const stranger = await come();
    await stranger.goto(`/app/connections/${await connectionId()}`);
    await signIn(stranger, await makeKey('admin', 'other'));
    await stranger.getByText('There is no connection with this id').waitFor();
    await stranger.goto('/app/');
    await stranger.getByText('Nothing is connected yet').waitFor();
  });

  it('makes a connection, puts it right, syncs what was chosen, renames it and deletes it', async () => {
    const { url, credentials } = firm.simulator;
    const page = await enter('/');
    await page.getByRole('link', { name: 'New connection' }).click();
    await page.getByLabel(/^PracticePanther/).check();
    const connect = page.getByRole('button', { name: 'Connect and test' });
    await connect.click();
    await expect.poll(() => page.getByText('Is needed').count()).toBe(3);
    expect(await page.evaluate('document.activeElement.name')).toBe('name');
    await page.getByLabel('Name').fill('second office');
    await page.getByLabel('Client id').fill(credentials.clientId);
    const secret = page.getByLabel('Client secret');
    expect(await secret.getAttribute('type')).toBe('password');
    await secret.fill('no such secret');
    await page.locator('summary', { hasText: 'Requests' }).click();
    const address = page.getByLabel('Address of the API');
    await address.fill('at home');
    await page.locator('summary', { hasText: 'Requests' }).click();
    // The API's word: beside the field, which is unfolded and focused.
    await connect.click();
    await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('baseUrl');
    expect(await address.getAttribute('aria-invalid')).toBe('true');
    await expectAccessible(page);
    await address.fill(url);
    await connect.click();
    await page.getByText('PracticePanther refuses the credentials.').waitFor();
    await page.getByText(/Authorise the connection again, or give it new credentials/).waitFor();
    await expectAccessible(page);
    const { id, settings } = await firm.bed.db
      .selectFrom('connections')
      .select(['id', 'settings'])
      .where('name', '=', 'second office')
      .executeTakeFirstOrThrow();
    await postponeSchedules(id);
    expect(settings).toEqual({ baseUrl: url });

    await page.getByRole('link', { name: 'Put the credentials right' }).click();
    await page.getByLabel('Client id').fill(credentials.clientId);
    await secret.fill(credentials.clientSecret);
    await page.getByRole('button', { name: 'Replace and test' }).click();
    await page.getByText('PracticePanther accepts the credentials.').waitFor();
    expect(await secret.inputValue(), 'nobody reads it afterwards').toBe('');
    expect(await page.content()).not.toContain(credentials.clientSecret);
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByLabel('users', { exact: true }).check();
    await page.getByLabel('accounts', { exact: true }).check();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { name: 'Incremental sync' }).waitFor();
    const synced = sql<{
      entity: string;
    }>`select distinct entity from sync_state where connection_id = ${id} order by 1`;
    const entities = async () => (await synced.execute(firm.bed.db)).rows.map(({ entity }) => entity);
    await expect.poll(entities, { timeout: 60_000 }).toEqual(['accounts', 'users']);

    await page.goto(`/app/connections/${id}?tab=settings`);
    await page.getByLabel('Name').fill('branch');
    await page.locator('summary', { hasText: 'Reading' }).click();
    await page.getByLabel('Records a page').fill('20');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'branch', level: 1 }).waitFor();
    const stored = async () =>
      (await firm.bed.db.selectFrom('connections').select('settings').where('id', '=', id).executeTakeFirst())
        ?.settings;
    expect(await stored()).toEqual({ baseUrl: url, pageSize: 20 });
    await page.getByLabel('Records a page').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(stored).toEqual({ baseUrl: url });
    await page.getByText('Saved.').waitFor();
    await page.getByRole('button', { name: 'Settings as JSON' }).click();
    const json = page.getByLabel('Settings as JSON');
    expect(JSON.parse(await json.inputValue())).toEqual({ baseUrl: url });
    await json.fill(JSON.stringify({ baseUrl: url, maxPages: 3 }));
    await page.getByRole('button', { name: 'Back to fields' }).click();
    expect(await page.getByLabel('Pages a run').inputValue()).toBe('3');
    await page.locator('summary', { hasText: 'Requests' }).click();
    await address.fill('https://elsewhere.example/');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Another host needs the credentials anew: ').waitFor();
    await expectAccessible(page);
    expect(await stored()).toEqual({ baseUrl: url });

    // The vendor took them back: a test is enough, and the page says so everywhere.
    await sql`update connections set status = 'needs_reauth', status_reason = 'refused' where id = ${id}`.execute(
      firm.bed.db,
    );
    await page.reload();
    await page.getByText('needs credentials').waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('PracticePanther accepts the credentials.').waitFor();
    await page.getByText('needs credentials').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Hold requests back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hold requests back' }).click();
    await page
      .getByText(/No request goes out to PracticePanther/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('PracticePanther could not be asked.').waitFor();
    await page.getByRole('button', { name: 'Let requests out' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Let requests out' }).click();
    await page.getByText('They go out').waitFor();

    await page.getByRole('button', { name: 'Delete connection' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Delete them as well/).check();
    const confirm = dialog.getByRole('button', { name: 'Delete it and its rows' });
    await dialog.getByLabel(/Type/).fill('second office');
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel(/Type/).fill('branch');
    await expectAccessible(page);
    await confirm.click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('row', { name: /^branch/ }).waitFor({ state: 'detached' });
    expect((await firm.request('GET', `/api/v1/connections/${id}`)).status).toBe(404);
    await eventually('its rows to be gone', async () => (await entities()).length === 0);
  });

  it('shows who comes, shuts somebody out under an open page, and says who did it and what is wrong', async () => {
    expect((await firm.request('PATCH', '/api/v1/organizations/default', { externalId: 'org_firm' })).status).toBe(200);
    const exp = Math.floor(Date.now() / 1_000) + 600;
    const token = await provider.sign({ sub: 'user_7', name: 'Ann Lee', org_id: 'org_firm', role: 'operator', exp });
    const ann = await come();
    await ann.goto('/app/alerts');
    await signIn(ann, token);
    await ann.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor();

    const page = await enter('/access');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('What it is for').fill('export');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: /is copied|copy it by hand/ })
      .waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Revoke export' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByRole('button', { name: 'Revoke export' }).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Shut out Ann Lee' }).click();
    await expectAccessible(page);
    await page.getByLabel('Reason').fill('Left the firm');
    await page.getByRole('dialog').getByRole('button', { name: 'Shut out' }).click();
    await page.getByRole('row', { name: /Ann Lee shut out/ }).waitFor();
    await ann.getByRole('link', { name: 'Syncs' }).click();
    await ann.getByText('An admin of the organization has shut you out').waitFor();
    await signIn(ann, token);
    await ann.getByText('An admin of the organization has shut you out').last().waitFor();

    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByLabel('What').selectOption('member.block');
    const entries = page.getByRole('table', { name: 'Audit' });
    await expect.poll(() => entries.getByRole('row').count()).toBe(2);
    await entries.getByText('Details').click();
    await entries.getByText('Left the firm').waitFor();
    await expectAccessible(page);
    await entries.getByRole('link', { name: 'a member' }).click();
    await page.getByRole('button', { name: 'Let in Ann Lee' }).click();
    await page.getByRole('button', { name: 'Shut out Ann Lee' }).waitFor();

    await sql`insert into sync_alerts (organization_id, connection_id, connector, kind, detail, raised_at, cleared_at)
      select organization_id, id, connector, 'needs_reauth', '{}', now() - interval '2 hours', now() - interval '1 hour'
      from connections`.execute(firm.bed.db);
    await page.goto('/app/alerts?state=closed');
    const alert = page.getByRole('row', { name: /Credentials refused/ });
    expect(await alert.textContent()).toContain('1 h');
    await expectAccessible(page);
    await page.getByLabel('State').selectOption('open');
    await alert.waitFor({ state: 'detached' });

    await sql`insert into organizations (slug, name) select 'clinic-' || i, 'Clinic ' || i from generate_series(1, 30) i`.execute(
      firm.bed.db,
    );
    await page.goto('/app/organizations');
    await page.getByRole('button', { name: 'New organization' }).click();
    await page.getByLabel('Name', { exact: true }).fill('North Clinic');
    await page.getByLabel('Slug').fill('clinic-1');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByText('There is an organization of that name already').waitFor();
    await page.getByLabel('Slug').fill('north');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Organization:' }).click();
    await page.getByRole('dialog').getByLabel('Search organizations').fill('north cl');
    await expectAccessible(page);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^North Clinic/ })
      .click();
    await page.getByRole('button', { name: 'Organization: North Clinic' }).waitFor();
    await page.goto('/app/');
    await page.getByText('Nothing is connected yet').waitFor();
    await sql`delete from organizations where slug like 'clinic-%'`.execute(firm.bed.db);
  });

  it('is quick in the seventh tab: those that nobody sees give their connections back', async () => {
    const first = await enter('/');
    const opened = async (page: Page) => {
      await page.goto('/app/');
      await page.getByRole('table', { name: 'Connections' }).waitFor();
    };
    /** What a browser with a window does; without one, all tabs are seen. */
    const hide = (page: Page, hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));`,
      );
    for (let tab = 1; tab <= 6; tab += 1) {
      const page = tab === 1 ? first : await first.context().newPage();
      await opened(page);
      await hide(page, true);
    }
    await opened(await first.context().newPage());
    const again = first.waitForRequest(/api\/v1\/events/);
    await hide(first, false);
    expect(await (await again).headerValue('last-event-id')).toMatch(/\./);
  });

  it('asks for a key again when the session has ended under an open page, and goes back to it', async () => {
    const page = await enter('/syncs?mode=full');
    await page.getByRole('table', { name: 'Syncs' }).waitFor();
    await page.context().clearCookies();
    await page.getByLabel('Mode').selectOption('incremental');
    await page.getByRole('heading', { name: 'Sign in to Syncline' }).waitFor();
    await signIn(page);
    await page.getByRole('heading', { name: 'Syncs', level: 1 }).waitFor();
    expect(page.url()).toContain('mode=incremental');
  });

  it('says when the server is away, and goes on when it is back', async () => {
    const proxy = await startProxy(firm.api.url);
    const one = await visit(browser, proxy.url);
    try {
      await one.page.goto('/app/');
      await signIn(one.page);
      await one.page.getByRole('table', { name: 'Connections' }).waitFor();
      // Nobody waits for ever for an answer that cannot come.
      await one.page.context().setOffline(true);
      await one.page.getByRole('link', { name: /^Paused/ }).click();
      await one.page.getByText('Syncline does not answer').waitFor();
      await one.page.context().setOffline(false);
      await one.page.getByText('No connection is like that').waitFor();
      expect(proxy.refuse(), 'connections that were cut').toBeGreaterThan(0);
      await one.page.getByText('Syncline cannot be reached').waitFor();
      await expectAccessible(one.page);
      proxy.pass();
      await one.page.getByText('Syncline cannot be reached').waitFor({ state: 'detached' });
    } finally {
      await one.close();
      await proxy.close();
    }
  });

  const pages = [
    '/',
    '/connections/new?vendor=notion',
    '/alerts',
    '/syncs',
    '/failed-items',
    '/analytics',
    '/webhooks',
    '/audit',
    '/access',
    '/organizations',
    '/queues',
    '/settings',
  ];

  const places: readonly (readonly [string, VisitOptions])[] = [
    ['on a desk, in the light', {}],
    ['on a phone, in the dark', { isPhone: true, isDark: true }],
  ];

  it.each(places)('keeps nobody out: each page %s', async (_, options) => {
    const page = await enter('/', options);
    await page.getByRole('table', { name: 'Connections' }).waitFor();
    const open = `/connections/${await connectionId()}?tab=`;
    for (const path of [...pages, ...['entities', 'credentials', 'settings'].map((tab) => `${open}${tab}`)]) {
      await page.goto(`/app${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await eventually('everything to be loaded', async () => (await page.getByText('Loading').count()) === 0);
      await expectAccessible(page);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(overflow, `${path} is as wide as the window`).toBeLessThanOrEqual(0);
    }
    if (options.isDark) expect(await page.locator('html.dark').count()).toBe(1);
  });

  it('can be gone through by keyboard', async () => {
    const page = await enter('/');
    await page.getByRole('table', { name: 'Connections' }).waitFor();
    await page.reload();
    await page.getByRole('table', { name: 'Connections' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });
});
