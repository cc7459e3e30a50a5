import { expect, test } from 'vitest';
import { awayContext } from '../../testing/away-context.js';
import { bareServer } from '../bare-server.js';

test.each([
  ['GET', undefined],
  ['POST', undefined],
  ['POST', '{}'],
])('an answer that does not come is one in time: %s %s', async (method, body) => {
  const ctx = awayContext();
  const app = bareServer(ctx, 300);
  app.route({ method: ['GET', 'POST'], url: '/hangs', handler: () => new Promise(() => undefined) });
  app.post('/patient', { handlerTimeout: 10_000 }, async () => ({ fine: true }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = { method, headers, ...(body !== undefined && { body }) };
    const response = await fetch(`${url}/hangs`, { ...init, signal: AbortSignal.timeout(10_000) });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    const fine = await fetch(`${url}/patient`, { ...init, method: 'POST' });
    expect([fine.status, await fine.json()]).toEqual([200, { fine: true }]);
  } finally {
    await app.close();
    await ctx.close();
  }
});
