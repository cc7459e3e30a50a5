import { createServer } from '../src/create-server.js';
import { awayContext, withKey } from './away-context.js';

interface OpenapiDocument {
  readonly paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

/** The OpenAPI document as the API serves it, parsed; no services are needed for it. */
export async function openapiDocument(): Promise<OpenapiDocument> {
  const ctx = awayContext();
  const app = await createServer(ctx);
  try {
    return (await app.inject({ url: '/openapi.json', headers: withKey })).json();
  } finally {
    await app.close();
    await ctx.close();
  }
}
