import type { ServerResponse } from 'node:http';
import { isSyncError } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { type Member, openFleet } from '../../testing/fleet.js';
import { startUpstream } from '../../testing/upstream.js';

const get = { method: 'GET', url: 'merchants' } as const;
const limit = 20;
const seconds = 2;
const lane = { windows: [{ requests: limit, seconds }], maxInlineWaitMs: 0 };

/** A vendor that counts every request in its own window, also those of another program, and says what is left. */
async function startVendor(latencyMs = 0) {
  const counted: number[] = [];
  let refused = 0;
  const left = (): number => limit - counted.filter((at) => at > performance.now() - seconds * 1_000).length;
  const count = (): boolean => {
    if (left() <= 0) return false;
    counted.push(performance.now());
    return true;
  };
  const upstream = await startUpstream((_, response: ServerResponse) => {
    const served = count();
    if (!served) refused += 1;
    const headers = { 'X-RateLimit-Limit': String(limit), 'X-RateLimit-Remaining': String(left()) };
    const answer = (): unknown =>
      response.writeHead(served ? 200 : 429, served ? headers : { ...headers, 'retry-after': '1' }).end('{}');
    if (latencyMs === 0) answer();
    else setTimeout(answer, Math.random() * latencyMs);
  });
  return {
    ...upstream,
    refused: () => refused,
    otherProgram: (requests: number) => {
      for (let i = 0; i < requests; i += 1) count();
    },
  };
}

/** Sends until the budget says no; answers how many went through. */
async function sendAll(members: readonly Member[], most = 100): Promise<number> {
  let served = 0;
  await Promise.all(
    members.map(async ({ send }) => {
      while (served < most) {
        try {
          await send(get);
          served += 1;
        } catch (error) {
          if (isSyncError(error, 'BUDGET_WAIT')) return;
          throw error;
        }
      }
    }),
  );
  return served;
}

describe('another program that uses the same quota', () => {
  it('is left its share: the fleet stops before the vendor refuses, and has all of it back one window later', async () => {
    const vendor = await startVendor();
    const { members, redis, keyPrefix } = openFleet(vendor, 3, lane);
    vendor.otherProgram(12);
    // Of calls that are under way together nobody knows how many the vendor has counted: one call finds out.
    await members[0].send(get);
    const served = 1 + (await sendAll(members));
    expect(served).toBe(8);
    expect(vendor.refused()).toBe(0);
    const [use] = await members[1].road.budgetUse('credential', lane.windows);
    expect(use).toMatchObject({ used: limit, nextFreeAt: expect.any(Date) });
    const foreign = async () =>
      (await redis.zrange(`${keyPrefix}:budget:credential`, '0', '-1')).filter((id) => id.startsWith('foreign:'));
    const withheld = await foreign();
    expect(withheld).toHaveLength(limit - served);

    const free = async () => (await members[1].road.budgetUse('credential', lane.windows))[0]?.used;
    await expect.poll(free, { timeout: 10_000 }).toBe(0);
    expect(await sendAll(members)).toBe(limit);
    expect(vendor.refused()).toBe(0);
    // What was withheld was not withheld a second time.
    expect(await foreign()).toEqual(withheld);
  });

  it('is not suspected where there is none, however answers overtake each other', async () => {
    const vendor = await startVendor(40);
    const { members, redis, keyPrefix } = openFleet(vendor, 8, lane);
    expect(await sendAll(members)).toBe(limit);
    expect(vendor.refused()).toBe(0);
    const permits = await redis.zrange(`${keyPrefix}:budget:credential`, '0', '-1');
    expect(permits).toHaveLength(limit);
    expect(permits.filter((id) => id.startsWith('foreign:'))).toEqual([]);
  });

  it('may have been us: what Redis has lost, the vendor still knows', async () => {
    const vendor = await startVendor();
    const { members, redis, keyPrefix } = openFleet(vendor, 3, lane);
    expect(await sendAll(members.slice(0, 1), 15)).toBe(15);
    await redis.del(...(await redis.keys(`${keyPrefix}*`)));
    expect(await sendAll(members.slice(0, 1))).toBe(5);
    expect(vendor.refused()).toBe(0);
  });
});
