import type { VendorClient } from '@syncline/connector-kit';
import { expect, it } from 'vitest';
import { fetchFrom } from './fetch-one.js';

const answering = (json: unknown, asked: string[] = []): VendorClient => ({
  post: () => Promise.reject(new Error('nothing is posted to this vendor')),
  get: async (url) => {
    asked.push(url);
    return { json, lossless: false, vendorTime: undefined };
  },
});

it('one record is asked for below its resource, whatever its id looks like', async () => {
  const asked: string[] = [];
  const client = answering({ id: 'a' }, asked);
  expect((await fetchFrom('tasks')(client, 'a')).json).toEqual({ id: 'a' });
  await fetchFrom('tasks')(client, '../users/me?x=1#y');
  expect(asked).toEqual(['tasks/a', 'tasks/..%2Fusers%2Fme%3Fx%3D1%23y']);
});

it.each([null, [], [{ id: 'a' }], 'a', 7])('an answer that is no record is no answer: %j', async (json) => {
  await expect(fetchFrom('tasks')(answering(json), 'a')).rejects.toMatchObject({ code: 'UPSTREAM_BAD_BODY' });
});
