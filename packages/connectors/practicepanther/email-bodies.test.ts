import { describe, expect, it } from 'vitest';
import { Mailbox, now } from './testing/mailbox.js';

const lastWeek = new Date(now - 7 * 86_400_000);
const always = { emailBodies: 'always' };
const bodiesOf = (records: ReadonlyMap<string, Record<string, unknown>>) =>
  [...records].filter(([, record]) => record['body_html'] !== undefined).map(([id]) => id);
const errorsOf = (records: ReadonlyMap<string, Record<string, unknown>>) =>
  [...records].flatMap(([id, { body_html_error }]) => (body_html_error === undefined ? [] : [[id, body_html_error]]));

describe('bodies of emails', () => {
  it.each([
    ['always', undefined, ['e000', 'e001', 'e002', 'e003']],
    ['changed', undefined, ['e002', 'e003']],
    ['never', undefined, []],
    ['always', lastWeek, ['e002', 'e003']],
    ['changed', lastWeek, ['e002', 'e003']],
    ['never', lastWeek, []],
  ])('are asked for %s, since %s: %j', async (emailBodies, since, expected) => {
    const mailbox = new Mailbox([400, 8, 6.9, 0]);
    const { records } = await mailbox.readAll({ emailBodies }, since);
    expect(records.size).toBe(since === undefined ? 4 : 2);
    expect(mailbox.askedFor.sort()).toEqual(expected);
    expect(bodiesOf(records)).toEqual(expected);
  });

  it('of what changed within the look-back are read in a full sync too, because it moves the watermark', async () => {
    const mailbox = new Mailbox([31, 29]);
    await mailbox.readAll({ emailBodies: 'changed', lookBackDays: 30 });
    expect(mailbox.askedFor).toEqual(['e001']);
  });

  it('are the default for what has changed, and for entities that know no settings', async () => {
    const mailbox = new Mailbox([8, 1]);
    await mailbox.readAll({});
    expect(mailbox.askedFor).toEqual(['e001']);
  });

  it('may wait for all other requests, where there is a way to say so', async () => {
    const mailbox = new Mailbox([1, 1]);
    const { client } = mailbox;
    const hurried: string[] = [];
    const get: typeof client.get = (url, query) => {
      hurried.push(url);
      return client.get(url, query);
    };
    const page = await Mailbox.prototype.read.call({ client: { get, patient: client } }, always, undefined);
    expect(
      bodiesOf(new Map((page.records as { id: string }[]).map((record) => [record.id, { ...record }]))),
    ).toHaveLength(2);
    expect([hurried, mailbox.askedFor]).toEqual([['emails'], ['e000', 'e001']]);
  });

  it('are put beside what the list says', async () => {
    const { records } = await new Mailbox([1]).readAll(always);
    expect(records.get('e000')).toEqual({
      id: 'e000',
      display_name: 'e000',
      updated_at: '2025-06-19T12:00:00',
      body_html: '<p>e000</p>',
    });
  });

  it('are not asked for where the list has them', async () => {
    const mailbox = new Mailbox([1, 2]);
    const { client } = mailbox.list;
    const listed = {
      ...mailbox,
      client: {
        get: async (url: string, query?: Parameters<typeof client.get>[1]) => {
          const answer = await client.get(url, query);
          return { ...answer, json: (answer.json as object[]).map((record) => ({ ...record, body_html: null })) };
        },
      },
    };
    await Mailbox.prototype.read.call(listed, always, undefined);
    expect(mailbox.askedFor).toEqual([]);
  });

  it('of a hundred emails at most are asked for in a page, few of them at once', async () => {
    const mailbox = new Mailbox(Array.from({ length: 250 }, () => 1));
    let busy = 0;
    let most = 0;
    const { get } = mailbox.client;
    const counted = {
      get: async (url: string, query?: Parameters<typeof get>[1]) => {
        busy += 1;
        most = Math.max(most, busy);
        const answer = await get(url, query);
        busy -= 1;
        return answer;
      },
    };
    const page = await Mailbox.prototype.read.call({ ...mailbox, client: counted }, always, undefined, undefined, 1000);
    expect(page.records).toHaveLength(100);
    expect(most).toBe(4);
  });
});

describe('an email that the vendor does not hand over', () => {
  it.each(['UPSTREAM_REJECTED', 'UPSTREAM_GONE', 'UPSTREAM_TOO_LARGE'] as const)(
    'is kept with the reason, and does not stop the others: %s',
    async (code) => {
      const mailbox = new Mailbox([3, 2, 1]);
      mailbox.fault = (id) => (id === 'e001' ? code : undefined);
      const { records } = await mailbox.readAll(always);
      expect(errorsOf(records)).toEqual([['e001', code]]);
      expect(bodiesOf(records)).toEqual(['e000', 'e002']);
    },
  );

  it.each(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_BAD_BODY', 'UPSTREAM_UNREACHABLE'] as const)(
    'because it stumbles over it, %s, is kept when another one came after it',
    async (code) => {
      const mailbox = new Mailbox(Array.from({ length: 20 }, () => 1));
      mailbox.fault = (id) => (id === 'e001' ? code : undefined);
      const { records } = await mailbox.readAll(always);
      expect(errorsOf(records)).toEqual([['e001', code]]);
      expect(bodiesOf(records)).toHaveLength(19);
    },
  );

  it('at the first attempt is asked for once more', async () => {
    const mailbox = new Mailbox(Array.from({ length: 20 }, () => 1));
    mailbox.fault = (_id, asked) => (asked < 8 ? 'UPSTREAM_UNAVAILABLE' : undefined);
    const { records } = await mailbox.readAll(always);
    expect(bodiesOf(records)).toHaveLength(20);
  });

  it('is not blamed when it is the only one, or when nothing comes after it: the vendor may be down', async () => {
    const alone = new Mailbox([1]);
    alone.fault = () => 'UPSTREAM_UNAVAILABLE';
    await expect(alone.readAll(always)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });

    const down = new Mailbox(Array.from({ length: 20 }, () => 1));
    down.fault = (_id, asked) => (asked > 10 ? 'UPSTREAM_UNAVAILABLE' : undefined);
    const page = await down.read(always, undefined);
    expect(page.records).toHaveLength(10);
    expect(page.records).toEqual(page.records.map(() => expect.objectContaining({ body_html: expect.any(String) })));
    await expect(down.read(always, undefined, page.next)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

describe('when the budget is used up among bodies', () => {
  /** Every time after so many requests for one email, the window is full once. */
  function tight(mailbox: Mailbox, window: number): void {
    let granted = 0;
    mailbox.fault = () => {
      granted += 1;
      if (granted <= window) return undefined;
      granted = 0;
      return 'BUDGET_WAIT';
    };
  }

  it.each([1, 2, 5, 30])(
    'of %i requests, no email is lost, none is asked for again, and the read gets on',
    async (window) => {
      const mailbox = new Mailbox(Array.from({ length: 57 }, (_, i) => 6 - i / 10));
      tight(mailbox, window);
      const records = new Map<string, unknown>();
      const answered: string[] = [];
      let cursor: Readonly<Record<string, unknown>> | undefined;
      let waits = 0;
      for (let ended = false; !ended; ) {
        try {
          const page = await mailbox.read(always, undefined, cursor, 20);
          for (const record of page.records as { id: string; body_html: string }[]) {
            answered.push(record.id);
            records.set(record.id, record.body_html);
          }
          cursor = page.next && JSON.parse(JSON.stringify(page.next));
          ended = cursor === undefined;
        } catch (error) {
          expect(error).toMatchObject({ code: 'BUDGET_WAIT' });
          waits += 1;
          if (waits > 200) throw new Error('the read does not get on');
        }
      }
      expect([...records.keys()].sort()).toEqual(mailbox.list.ids.sort());
      expect([...records.values()].every((body) => typeof body === 'string')).toBe(true);
      expect(answered).toHaveLength(57);
    },
  );

  it('nothing is handed over that could be taken for an email without a body', async () => {
    const mailbox = new Mailbox([3, 2, 1]);
    mailbox.fault = (id) => (id === 'e002' ? 'BUDGET_WAIT' : undefined);
    const page = await mailbox.read(always, undefined);
    expect(page.records).toHaveLength(2);
    expect(page.next).toBeDefined();
  });

  it('an email that changes meanwhile is read again', async () => {
    const mailbox = new Mailbox([3, 2, 1]);
    mailbox.fault = (id) => (id === 'e002' ? 'BUDGET_WAIT' : undefined);
    const first = await mailbox.read(always, undefined);
    mailbox.fault = () => undefined;
    mailbox.list.touch('e000', now);
    const second = await mailbox.read(always, undefined, first.next);
    expect((second.records as { id: string }[]).map(({ id }) => id).sort()).toEqual(['e000', 'e002']);
  });

  it.each(['UPSTREAM_RATE_LIMITED', 'CIRCUIT_OPEN', 'BUDGET_UNAVAILABLE', 'UPSTREAM_AUTH'] as const)(
    'or %s, with nothing in hand, the failure is the answer',
    async (code) => {
      const mailbox = new Mailbox([1, 1]);
      mailbox.fault = () => code;
      await expect(mailbox.read(always, undefined)).rejects.toMatchObject({ code });
    },
  );
});
