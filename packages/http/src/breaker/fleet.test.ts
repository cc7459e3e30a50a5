import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { event } from '../../testing/event.js';
import { type Member, openFleet } from '../../testing/fleet.js';
import { failureOf } from '../../testing/road.js';
import { startUpstream } from '../../testing/upstream.js';

const get = { method: 'GET', url: 'contacts' } as const;
const key = 'credential';
const quick = { circuit: { maxFailures: 5, resetSeconds: 1.2 } };
const hasty = { circuit: { maxFailures: 1, resetSeconds: 0.4 } };
const patient = { circuit: { maxFailures: 5, resetSeconds: 60 } };

const endOf = ({ send }: Member): Promise<string | number> =>
  send(get).then(
    ({ status }) => status,
    (error: { code: string }) => error.code,
  );
async function fail(member: Member, calls = 5): Promise<void> {
  for (let i = 0; i < calls; i += 1) expect(await endOf(member)).toBe('UPSTREAM_UNAVAILABLE');
}
const stateOf = async ({ road }: Member): Promise<string> => (await road.circuit(key)).state;
const due = (member: Member) => expect.poll(() => stateOf(member), { timeout: 10_000 }).toBe('half_open');

/** A vendor that is down until told otherwise; `hold` leaves the next request without an answer. */
async function startVendor() {
  const vendor = { status: 503, hold: undefined as ((response: ServerResponse) => void) | undefined };
  const upstream = await startUpstream((_, response) => {
    const { hold } = vendor;
    vendor.hold = undefined;
    if (hold) hold(response);
    else response.writeHead(vendor.status).end('{}');
  });
  return { ...upstream, vendor, hits: () => upstream.requests.length };
}

describe('a circuit of sixteen workers', () => {
  async function openedBySixteen() {
    const upstream = await startVendor();
    const fleet = openFleet(upstream, 16, quick);
    await fleet.settled();
    const [first, second] = fleet.members;
    await fail(first);
    expect(await first.road.circuit(key)).toMatchObject({ state: 'closed', votes: [{ bootId: first.bootId }] });
    await fail(second);
    expect(upstream.hits()).toBe(10);
    return { ...fleet, upstream, first };
  }

  it('opens at the failures of two, and one request of all tries it', async () => {
    const { members, upstream, first } = await openedBySixteen();
    const opened = await first.road.circuit(key);
    expect(opened).toMatchObject({ state: 'open', openedBy: 'failures' });
    expect(opened.votes).toHaveLength(2);
    expect((opened.until?.getTime() ?? 0) - (opened.since?.getTime() ?? 0)).toBeCloseTo(1_200, 0);
    const refusals = await Promise.all(members.map(({ send }) => failureOf(send(get))));
    expect(new Set(refusals.map(({ code, details }) => `${code}: ${details['reason']}`))).toEqual(
      new Set(['CIRCUIT_OPEN: the vendor failed']),
    );
    for (const { resumeAt } of refusals) {
      expect(Math.abs((resumeAt?.getTime() ?? 0) - (opened.until?.getTime() ?? 0))).toBeLessThan(1_000);
    }
    expect(upstream.hits()).toBe(10);

    const probe = event<ServerResponse>();
    upstream.vendor.hold = probe.report;
    upstream.vendor.status = 200;
    await due(first);
    const ends: (string | number)[] = [];
    const asking = members.flatMap((member) =>
      [1, 2, 3].map(async () => {
        ends.push(await endOf(member));
      }),
    );
    await expect.poll(() => ends.length).toBe(47);
    // The refused may all have their answer before the one request is at the vendor.
    const answer = await probe.happened;
    expect(upstream.hits()).toBe(11);
    expect(new Set(ends)).toEqual(new Set(['CIRCUIT_OPEN']));
    expect(await stateOf(first)).toBe('half_open');

    answer.end('{}');
    await Promise.all(asking);
    expect(ends.at(-1)).toBe(200);
    expect(await first.road.circuit(key)).toMatchObject({ state: 'closed', openedBy: undefined, votes: [] });
    expect(await Promise.all(members.map(endOf))).toEqual(Array(16).fill(200));
  });

  it('stays open for as long again when that request fails, and then the next one tries', async () => {
    const { members, upstream, first } = await openedBySixteen();
    const before = (await first.road.circuit(key)).until?.getTime() ?? 0;
    await due(first);
    const ends = await Promise.all(members.map(endOf));
    expect(ends.filter((end) => end === 'UPSTREAM_UNAVAILABLE')).toHaveLength(1);
    expect(ends.filter((end) => end === 'CIRCUIT_OPEN')).toHaveLength(15);
    expect(upstream.hits()).toBe(11);
    const again = await first.road.circuit(key);
    expect(again.state).toBe('open');
    expect((again.until?.getTime() ?? 0) - before).toBeGreaterThanOrEqual(1_200);
    upstream.vendor.status = 200;
    await due(first);
    expect(await endOf(first)).toBe(200);
    expect(await Promise.all(members.map(endOf))).toEqual(Array(16).fill(200));
  });
});

describe('a request that tries the vendor', () => {
  it('lets the next one try when it is cancelled', async () => {
    const upstream = await startVendor();
    const abort = new AbortController();
    const { members, settled } = openFleet(upstream, 3, hasty);
    await settled();
    const [first, second, third] = members;
    await fail(first, 1);
    await fail(second, 1);
    await due(first);
    upstream.vendor.hold = () => abort.abort(new Error('cancelled'));
    const cancelled = third.road.open({ baseUrl: upstream.baseUrl, budgetKey: key, windows: [], signal: abort.signal });
    await expect(cancelled(get)).rejects.toThrow('cancelled');
    upstream.vendor.status = 200;
    expect(await endOf(first)).toBe(200);
    expect(upstream.hits()).toBe(4);
  });

  it('and succeeds ends also what others have come to think meanwhile', async () => {
    const upstream = await startVendor();
    const { members, settled } = openFleet(upstream, 3, hasty);
    await settled();
    const [first, second, third] = members;
    const late = event<ServerResponse>();
    upstream.vendor.hold = late.report;
    const underWay = endOf(third);
    const response = await late.happened;
    for (const member of [first, second]) await fail(member, 1);
    await due(first);
    response.writeHead(503).end();
    expect(await underWay).toBe('UPSTREAM_UNAVAILABLE');
    expect((await first.road.circuit(key)).votes).toMatchObject([{ bootId: third.bootId }]);
    upstream.vendor.status = 200;
    expect(await endOf(first)).toBe(200);
    expect((await first.road.circuit(key)).votes).toEqual([]);
    expect(await endOf(third)).toBe(200);
  });

  it('needs no success: any answer of the vendor closes the circuit', async () => {
    const upstream = await startVendor();
    const { members, settled } = openFleet(upstream, 3, hasty);
    await settled();
    for (const member of members.slice(0, 2)) await fail(member, 1);
    upstream.vendor.status = 404;
    await due(members[0]);
    expect(await endOf(members[2])).toBe(404);
    expect(await stateOf(members[0])).toBe('closed');
  });
});

describe('one process with a broken network', () => {
  it('keeps back its own calls only, for moments, and says so', async () => {
    const upstream = await startVendor();
    upstream.vendor.status = 200;
    const port = new URL(upstream.baseUrl).port;
    let broken = true;
    const working = async () => [{ address: '127.0.0.1', family: 4 }];
    const sometimes = () => (broken ? Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })) : working());
    const vendor = { baseUrl: `http://vendor.test:${port}/`, hostPort: `vendor.test:${port}` };
    const { members, settled } = openFleet(vendor, 3, { circuit: { maxFailures: 5, resetSeconds: 1 } }, (worker) => ({
      resolve: worker === 0 ? sometimes : working,
    }));
    await settled();
    const [bad, ...good] = members;
    for (let i = 0; i < 5; i += 1) expect(await endOf(bad)).toBe('UPSTREAM_UNREACHABLE');

    const refusal = await failureOf(bad.send(get));
    expect(refusal).toMatchObject({ code: 'CIRCUIT_OPEN', details: { reason: 'the vendor failed for this process' } });
    expect((refusal.resumeAt?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(3_000);
    expect(await bad.road.circuit(key)).toMatchObject({ state: 'closed', votes: [{ bootId: bad.bootId }] });
    for (let i = 0; i < 10; i += 1) expect(await Promise.all(good.map(endOf))).toEqual([200, 200]);

    broken = false;
    await expect.poll(() => endOf(bad), { timeout: 5_000 }).toBe(200);
    await expect.poll(async () => (await bad.road.circuit(key)).votes).toEqual([]);
  });

  it('stops all when it is the only one', async () => {
    const upstream = await startVendor();
    const { members, bystander, settled, keyPrefix, redis } = openFleet(upstream, 3, patient);
    await settled();
    const [last, ...leaving] = members;
    await Promise.all(leaving.map(({ road }) => road.close()));
    expect(await redis.zrange(`${keyPrefix}:voters`, '0', '-1')).toEqual([last.bootId]);
    await fail(last);
    expect(await stateOf(last)).toBe('open');
    // The API is no worker: it neither counts as alive nor gets round a circuit that is open.
    expect(await endOf(bystander())).toBe('CIRCUIT_OPEN');
  });

  it('that is no worker has no vote', async () => {
    const upstream = await startVendor();
    const { members, bystander, settled } = openFleet(upstream, 3, patient);
    await settled();
    const api = bystander();
    await fail(api);
    await fail(members[0]);
    expect(await endOf(api)).toBe('CIRCUIT_OPEN');
    expect(await api.road.circuit(key)).toMatchObject({ state: 'closed', votes: [{ bootId: members[0].bootId }] });
    upstream.vendor.status = 200;
    expect(await endOf(members[1])).toBe(200);
  });

  it('that has gone has no vote any more', async () => {
    const upstream = await startVendor();
    const { members, settled } = openFleet(upstream, 3, patient);
    await settled();
    const [gone, other, third] = members;
    await fail(gone);
    await gone.road.close();
    await fail(other);
    expect(await stateOf(third)).toBe('closed');
    await fail(third);
    expect(await stateOf(third)).toBe('open');
  });
});

describe('when Redis has lost everything', () => {
  it('nobody forgets what he thinks, and nobody else is stopped for it', async () => {
    const upstream = await startVendor();
    const { members, settled, redis, keyPrefix } = openFleet(upstream, 3, patient);
    await settled();
    const [first, second, third] = members;
    await fail(first);
    await fail(second);
    expect(await stateOf(first)).toBe('open');
    const keys = await redis.keys(`${keyPrefix}*`);
    expect(keys).toContain(`${keyPrefix}:circuit:${key}`);
    await redis.del(...keys);

    expect(await first.road.circuit(key)).toMatchObject({ state: 'closed', votes: [] });
    // Its own opinion holds, and is said again; that it looks like the only worker just now does not count.
    expect(await endOf(first)).toBe('CIRCUIT_OPEN');
    expect(await first.road.circuit(key)).toMatchObject({ state: 'closed', votes: [{ bootId: first.bootId }] });
    upstream.vendor.status = 200;
    expect(await endOf(third)).toBe(200);
    expect(upstream.hits()).toBe(11);
    expect(await endOf(second)).toBe('CIRCUIT_OPEN');
    expect(await stateOf(third)).toBe('open');
    expect(upstream.hits()).toBe(11);
  });
});

describe('by hand', () => {
  it('a circuit is opened until it is closed', async () => {
    const upstream = await startVendor();
    upstream.vendor.status = 200;
    const { members, bystander, settled } = openFleet(upstream, 3, { circuit: { resetSeconds: 0.05 } });
    await settled();
    const api = bystander();
    const state = await api.road.openCircuit(key, 'ann');
    expect(state).toMatchObject({ state: 'open', openedBy: 'operator', by: 'ann', until: undefined });
    expect(Math.abs((state.since?.getTime() ?? 0) - Date.now())).toBeLessThan(5_000);
    const since = performance.now();
    // Longer than a circuit that failures have opened waits for its probe.
    while (performance.now() - since < 150) {
      const refusal = await failureOf(members[0].send(get));
      expect(refusal).toMatchObject({ code: 'CIRCUIT_OPEN', details: { reason: 'opened by hand' } });
      expect((refusal.resumeAt?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(15_000);
    }
    expect(upstream.hits()).toBe(0);
    expect(await api.road.closeCircuit(key, 'bob')).toMatchObject({ state: 'closed', by: 'bob', openedBy: undefined });
    expect(await Promise.all(members.map(endOf))).toEqual([200, 200, 200]);
  });

  it('it is closed for everyone, whatever they thought', async () => {
    const upstream = await startVendor();
    const { members, bystander, settled } = openFleet(upstream, 3, patient);
    await settled();
    for (const member of members.slice(0, 2)) await fail(member);
    const api = bystander();
    expect(await endOf(members[0])).toBe('CIRCUIT_OPEN');
    upstream.vendor.status = 200;
    await api.road.closeCircuit(key, 'ann');
    expect(await Promise.all(members.map(endOf))).toEqual([200, 200, 200]);
    expect((await api.road.circuit(key)).votes).toEqual([]);
  });

  it('it is closed also for the one that kept back only its own calls', async () => {
    const upstream = await startVendor();
    const { members, settled } = openFleet(upstream, 3, patient);
    await settled();
    await fail(members[0]);
    expect(await endOf(members[0])).toBe('CIRCUIT_OPEN');
    upstream.vendor.status = 200;
    await members[1].road.closeCircuit(key, 'ann');
    expect(await endOf(members[0])).toBe(200);
  });

  it('a request that tries the vendor meanwhile changes nothing', async () => {
    const upstream = await startVendor();
    const { members, settled } = openFleet(upstream, 3, hasty);
    await settled();
    const [first, second, third] = members;
    for (const member of [first, second]) await fail(member, 1);
    await due(first);
    const probe = event<ServerResponse>();
    upstream.vendor.hold = probe.report;
    const trying = third.send(get);
    const response = await probe.happened;
    await first.road.openCircuit(key, 'ann');
    response.end('{}');
    expect((await trying).status).toBe(200);
    expect(await first.road.circuit(key)).toMatchObject({ state: 'open', openedBy: 'operator' });
    expect(await endOf(third)).toBe('CIRCUIT_OPEN');
  });

  it('calls that had begun before it was closed do not open it again', async () => {
    const upstream = await startVendor();
    const { members, settled } = openFleet(upstream, 3, { circuit: { maxFailures: 1, resetSeconds: 60 } });
    await settled();
    const late = event<ServerResponse>();
    upstream.vendor.hold = late.report;
    const underWay = failureOf(members[0].send(get));
    const response = await late.happened;
    await members[1].road.closeCircuit(key, 'ann');
    response.writeHead(503).end();
    expect((await underWay).code).toBe('UPSTREAM_UNAVAILABLE');
    expect((await members[1].road.circuit(key)).votes).toEqual([]);
    upstream.vendor.status = 200;
    expect(await endOf(members[0])).toBe(200);
  });
});
