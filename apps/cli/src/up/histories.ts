import { readHistory } from '@syncline/engine';
import { type Connection, type Db, ensureOrganization, listConnections } from '@syncline/store';

/**
 * How far the histories of the environment's connections are, a line each, and where to look; empty where none has one.
 * They go on in the background.
 */
export async function historyLines(db: Db, url: string): Promise<string[]> {
  const lines: string[] = [];
  for (const { id, connector, organizationId } of await environmentConnections(db)) {
    const history = await readHistory({ db }, organizationId, { connectionId: id });
    if (!history) continue;
    lines.push(
      `  History        ${connector}: ${history.message}${history.eta ? `, all of it by ${clock(history.eta)}` : ''}`,
    );
    if (history.state !== 'done')
      lines.push(`                 ${url}/api/v1/connections/${id}/history tells how far it is`);
  }
  return lines;
}

/** The connections that the environment describes. */
export async function environmentConnections(db: Db): Promise<Connection[]> {
  const organizationId = await ensureOrganization(db, 'default', 'Default organization');
  return (await listConnections(db, organizationId)).filter(({ fromEnvironment }) => fromEnvironment);
}

function clock(time: Date): string {
  return `${time.toISOString().slice(11, 16)} UTC`;
}
