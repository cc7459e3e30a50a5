import { eventually } from '@syncline/testing';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../chaos/proxy.js';
import { createFirm, type Firm } from '../e2e/firm.js';
import { expectTruth } from '../e2e/truth.js';
import { findChromium } from './find-chromium.js';
import { expectAccessible, startBrowser, type Visit, type VisitOptions, visit } from './visit.js';

const executable = findChromium();

describe.skipIf(executable === undefined)('the dashboard', () => {
  let firm: Firm;
  let browser: Browser;
  const visits: Visit[] = [];
  beforeAll(async () => {
    [browser, firm] = await Promise.all([
      startBrowser(executable ?? ''),
      createFirm(
        { contacts: 60, pageSize: 10 },
        { ENABLE_SYNC_SCHEDULER: 'true', SYNCLINE_RECOVERY_BASE_SECONDS: '3600', SYNCLINE_RECONCILE_SECONDS: '1' },
      ),
    ]);
    await firm.startWorker();
    await firm.sync('full');
  });
  afterAll(async () => {
    await browser?.close();
    await firm?.close();
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

  const connectionId = async () =>
    (await firm.bed.db.selectFrom('connections').select('id').executeTakeFirstOrThrow()).id;

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
    await dialog.getByText('RECORD_INVALID').waitFor();
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

  it('changes a schedule, and the next sync moves', async () => {
    const page = await enter(`/connections/${await connectionId()}`);
    await page.getByRole('tab', { name: 'Schedules' }).click();
    await page.getByRole('button', { name: 'Edit full' }).click();
    await page.getByLabel('How often').selectOption('daily');
    await page.getByLabel('At', { exact: true }).fill('03:45');
    await page.getByLabel('Time zone').fill('UTC');
    const preview = page.getByRole('dialog').getByRole('status');
    await expect.poll(() => preview.getByRole('listitem').count()).toBe(5);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^full .*45 3 \* \* \*/ }).waitFor();
    const schedule = await firm.bed.db
      .selectFrom('sync_schedules')
      .select(['cron', 'next_due_at as next'])
      .where('name', '=', 'full')
      .executeTakeFirstOrThrow();
    expect(schedule.cron).toBe('45 3 * * *');
    expect(schedule.next?.toISOString()).toMatch(/T03:45:00/);
  });

  it('stops everything after a question, shows it, and goes on', async () => {
    const page = await enter('/settings');
    await page.getByRole('button', { name: 'Stop all syncs' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Stop all syncs' }).isDisabled()).toBe(true);
    await dialog.getByLabel(/Type/).fill('stop');
    await dialog.getByRole('button', { name: 'Stop all syncs' }).click();
    await page.getByText(/^Stopped/).waitFor();
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
    '/syncs',
    '/failed-items',
    '/analytics',
    '/webhooks',
    '/audit',
    '/access',
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
    for (const path of pages) {
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
