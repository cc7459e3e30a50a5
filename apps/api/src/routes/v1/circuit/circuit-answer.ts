import { SyncError } from '@syncline/connector-kit';
import type { readCircuit } from '@syncline/engine';
import { type Connection, findConnection } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';

const instant = z.iso.datetime();

export const circuitParams = z.object({ id: z.string().describe('The id of a connection') });

export const circuitSchema = z
  .object({
    state: z.enum(['closed', 'open', 'half_open']).describe('Half open: one request is trying it, or will'),
    since: instant.nullable(),
    until: instant.nullable().describe('When one request tries it; null while it is held open by hand'),
    openedBy: z.enum(['failures', 'operator']).nullable(),
    by: z.string().nullable().describe('Who opened or closed it by hand'),
    votes: z
      .array(z.object({ bootId: z.string(), since: instant }))
      .describe('Workers that keep their own requests back, also while it is closed for the others'),
  })
  .meta({ id: 'Circuit', description: 'Whether requests go out to the vendor of a connection' });

export function circuitAnswer(state: Awaited<ReturnType<typeof readCircuit>>): z.infer<typeof circuitSchema> {
  return {
    state: state.state,
    since: state.since?.toISOString() ?? null,
    until: state.until?.toISOString() ?? null,
    openedBy: state.openedBy ?? null,
    by: state.by ?? null,
    votes: state.votes.map(({ bootId, since }) => ({ bootId, since: since.toISOString() })),
  };
}

/** The connection that a path names. Throws SyncError CONNECTION_NOT_FOUND, also for an id that cannot be one. */
export async function connectionAt(ctx: Pick<TenantContext, 'db' | 'organizationId'>, id: string): Promise<Connection> {
  const guid = z.guid().safeParse(id);
  const connection = guid.success ? await findConnection(ctx.db, ctx.organizationId, guid.data) : undefined;
  if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
  return connection;
}
