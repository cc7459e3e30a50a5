import { randomUUID } from 'node:crypto';
import { forgetWebhookKeys, judgeConnections, listAlerts, noteDeliveries } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(() => sql`delete from connections`.execute(bed.db));

interface Owner {
  readonly id: string;
  readonly organizationId: string;
}

const [day, week] = [24, 168];

async function connect(): Promise<Owner> {
  const [id, organizationId] = [randomUUID(), randomUUID()];
  await sql`insert into organizations (id, slug, name) values (${organizationId}, ${organizationId}, 'An agency')`.execute(
    bed.db,
  );
  await sql`insert into connections (id, organization_id, connector, name, settings)
    values (${id}, ${organizationId}, 'notion', 'agency', '{}')`.execute(bed.db);
  return { id, organizationId };
}

/** Deliveries of the past: `received` says how many came in the hour that began so many hours ago. */
async function told(
  of: Owner,
  { weeks, silentHours }: { readonly weeks: number; readonly silentHours: number },
  received: (hoursAgo: number) => number,
): Promise<void> {
  const hours = Array.from({ length: Math.round(weeks * week) }, (_, i) => silentHours + i)
    .map((ago) => ({ ago, received: received(ago) }))
    .filter((hour) => hour.received > 0);
  const last = hours[0]?.ago;
  if (last === undefined) throw new Error('nothing was ever told');
  await sql`insert into webhook_hours (connection_id, organization_id, hour, received)
    select ${of.id}, ${of.organizationId}, date_trunc('hour', now()) - make_interval(hours => ago), received
    from jsonb_to_recordset(${JSON.stringify(hours)}::jsonb) as h (ago int, received int)`.execute(bed.db);
  await sql`insert into webhook_subscriptions (connection_id, organization_id, received, last_delivery_at)
    values (${of.id}, ${of.organizationId}, 1, date_trunc('hour', now()) - make_interval(hours => ${last}))`.execute(
    bed.db,
  );
}

/** Eight an hour on weekdays from nine to five, were it now that hour of a week that begins on Monday. */
const officeHours = (nowIs: number) => (hoursAgo: number) => {
  const hour = (((nowIs - hoursAgo) % week) + week) % week;
  return hour < 5 * day && hour % day >= 9 && hour % day < 17 ? 8 : 0;
};
const [tuesdayNoon, sundayNoon, mondayAtEight] = [day + 12, 6 * day + 12, 8];

const judge = () => judgeConnections(bed.db, { pauses: [] });
const raised = async () => (await judge()).raised.map(({ kind }) => kind);

describe('silence', () => {
  it('at night and at the weekend is what is usual', async () => {
    for (const nowIs of [sundayNoon, mondayAtEight]) {
      await told(await connect(), { weeks: 5, silentHours: 0 }, officeHours(nowIs));
    }
    expect(await raised()).toEqual([]);
  });

  it('in business hours is an alert, and the next delivery ends it', async () => {
    const agency = await connect();
    await told(agency, { weeks: 5, silentHours: 15 }, officeHours(tuesdayNoon));
    const { raised: alerts } = await judge();
    expect(alerts).toMatchObject([
      {
        ...{ kind: 'webhook_silent', organizationId: agency.organizationId, connectionId: agency.id },
        ...{ connector: 'notion', detail: { lastDeliveryAt: expect.stringMatching(/Z$/) } },
      },
    ]);
    const [alert] = alerts;
    // Since Monday at four; on other Tuesdays there were three hours of eight by then.
    expect(alert?.detail).toMatchObject({ silentHours: expect.any(Number), expected: 24 });
    expect(await raised()).toEqual([]);

    const event = {
      kind: 'event',
      eventId: 'next',
      type: 'page.created',
      sentAt: new Date(),
      verifies: undefined,
    } as const;
    const outcome = { ...event, signals: [{ entity: 'clients', vendorId: 'one' }] };
    const delivery = { organizationId: agency.organizationId, connectionId: agency.id, outcome };
    await noteDeliveries(bed.db, [delivery], 0);
    expect((await judge()).cleared.map(({ kind }) => kind)).toEqual(['webhook_silent']);
  });

  it('for weeks is an alert all the time: it does not become the habit', async () => {
    await told(await connect(), { weeks: 3, silentHours: 4 * week }, officeHours(tuesdayNoon));
    expect(await raised()).toEqual(['webhook_silent']);
    expect((await judge()).cleared).toEqual([]);
  });

  it('after a single busy day is none, nor where a week of the last ones was as silent', async () => {
    await told(await connect(), { weeks: 5, silentHours: 5 }, (ago) => (ago < 30 || ago > 4 * week ? 500 : 0));
    const usual = officeHours(tuesdayNoon);
    const holidays = (ago: number) => (ago > 2 * week && ago < 3 * week ? 0 : usual(ago));
    await told(await connect(), { weeks: 5, silentHours: 15 }, holidays);
    expect(await raised()).toEqual([]);
  });

  it('of few is chance', async () => {
    await told(await connect(), { weeks: 5, silentHours: 20 }, (ago) => (ago % 24 === 0 ? 9 : 0));
    expect(await raised()).toEqual([]);
  });

  it.each([
    ['a day of a new subscription, which may be a weekend', 1, 26, 30, []],
    ['three days of it', 1, 74, 30, ['webhook_silent']],
    ['three days after next to nothing', 1, 74, 8, []],
    ['three days where it is not a week old', 6, 74, 30, ['webhook_silent']],
  ])('of %s', async (_what, daysOld, silentHours, count, alerts) => {
    const received = (ago: number) => (ago === silentHours || ago === silentHours + daysOld * day - 1 ? count / 2 : 0);
    await told(await connect(), { weeks: daysOld / 7, silentHours }, received);
    expect(await raised()).toEqual(alerts);
  });

  it.each([
    ['paused', sql`status = 'paused'`],
    ['deleted', sql`deleted_at = now()`],
  ])('of a connection that is %s is nobody’s concern', async (_what, change) => {
    await told(await connect(), { weeks: 5, silentHours: 15 }, officeHours(tuesdayNoon));
    await sql`update connections set ${change}`.execute(bed.db);
    expect(await raised()).toEqual([]);
    await sql`update connections set status = 'error', deleted_at = null`.execute(bed.db);
    expect(await raised()).toEqual(['webhook_silent']);
    await sql`update connections set ${change}`.execute(bed.db);
    expect((await judge()).cleared.map(({ kind }) => kind)).toEqual(['webhook_silent']);
  });

  it('is over when somebody has the key forgotten: that nothing comes is what was wanted', async () => {
    const agency = await connect();
    await told(agency, { weeks: 5, silentHours: 15 }, officeHours(tuesdayNoon));
    expect(await raised()).toEqual(['webhook_silent']);
    await forgetWebhookKeys(bed.db, agency);
    expect((await judge()).cleared.map(({ kind }) => kind)).toEqual(['webhook_silent']);
  });

  it('is seen by its own organization alone', async () => {
    const [silent, lively] = [await connect(), await connect()];
    await told(silent, { weeks: 5, silentHours: 15 }, officeHours(tuesdayNoon));
    await told(lively, { weeks: 5, silentHours: 0 }, () => 8);
    await judge();
    const listed = ({ organizationId }: Owner) =>
      listAlerts(bed.db, organizationId, { state: 'all' }, { limit: 10, offset: 0 });
    expect(await listed(silent)).toMatchObject([{ kind: 'webhook_silent', connectionId: silent.id }]);
    expect(await listed(lively)).toEqual([]);
  });
});
