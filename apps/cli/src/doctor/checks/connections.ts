import { isSyncError } from '@syncline/connector-kit';
import { baseUrlOf, budgetOf, credentialsOf, readBudget, settingsOf, testConnection } from '@syncline/engine';
import { reachHost } from '@syncline/http';
import { type Connection, listAllConnections, readSecrets } from '@syncline/store';
import { type Check, ok, problem, skipped, warning } from '../check.js';
import type { Scene } from '../scene.js';
import { wordsOf } from '../words-of.js';
import { inBoth, inPostgres, once } from './needs.js';

type Engine = NonNullable<Scene['engine']>;

const testMs = 10_000;
/** So many at a time: each holds a socket. */
const atOnce = 8;

const connectionsOf = once(async ({ db }: Engine, { organizationId }) => {
  const all = await listAllConnections(db);
  return all.filter((connection) => organizationId === undefined || connection.organizationId === organizationId);
});

export const connectionChecks: readonly Check[] = [
  {
    id: 'connections.standing',
    look: inPostgres(async (engine, scene) => {
      const connections = await connectionsOf(engine, scene);
      const of = (status: string) => connections.filter((connection) => connection.status === status);
      const said = [
        ...of('needs_reauth').map((connection) => `${nameOf(connection)} has to be authorised again`),
        ...of('error').map((connection) => `${nameOf(connection)} is in error`),
        ...of('paused').map((connection) => `${nameOf(connection)} is paused`),
      ];
      if (said.length === 0) return ok(`${connections.length} connections, none of them paused or refused.`);
      return (of('needs_reauth').length > 0 ? problem : warning)(`${said.join('; ')}.`);
    }),
  },
  {
    id: 'connections.secrets',
    look: inPostgres(async (engine, scene) => {
      if (scene.environment.values.SYNCLINE_ENCRYPTION_KEY === undefined) return skipped('There is no key to try.');
      const connections = await connectionsOf(engine, scene);
      const closed = await namesOf(
        connections,
        async (connection) => void (await readSecrets(engine.db, engine.vault, connection)),
      );
      if (closed.length === 0) return ok('The key opens all stored credentials.');
      return problem(
        `SYNCLINE_ENCRYPTION_KEY does not open the credentials of ${closed.join('; ')}. Set the key that they were stored with ` +
          '(it may stand behind a newer one), or give them again.',
      );
    }),
  },
  {
    id: 'connections.reachable',
    look: inPostgres(async (engine, scene) => {
      const egress = scene.environment.values.SYNCLINE_EGRESS_ALLOW ?? [];
      const places = new Map<string, Connection>();
      for (const connection of await connectionsOf(engine, scene)) {
        const url = await placeOf(engine, connection).catch(() => undefined);
        if (url !== undefined) places.set(new URL(url).origin, connection);
      }
      if (places.size === 0) return skipped('There is no connection whose address is known.');
      const away = await refusals([...places.keys()], (origin) => reachHost(origin, egress));
      if (away.length === 0) return ok(`Name, connection and certificate are well: ${[...places.keys()].join(', ')}.`);
      return problem(
        `Cannot be reached: ${away.join('; ')}. Look at DNS, the firewall, the proxy and SYNCLINE_EGRESS_ALLOW.`,
      );
    }),
  },
  {
    id: 'connections.accepted',
    look: inBoth(async (engine, scene) => {
      if (!scene.testConnections)
        return skipped('Asked with --test-connections only: it spends a request of each budget.');
      const connections = (await connectionsOf(engine, scene)).filter(({ status }) => status !== 'paused');
      const refused = await namesOf(connections, async (connection) => {
        const result = await testConnection(engine, connection, testMs);
        if (!result.ok) throw result.error;
      });
      if (refused.length === 0) return ok(`${connections.length} vendors have accepted the credentials.`);
      return problem(`Did not work: ${refused.join('; ')} (docs/errors.md).`);
    }),
  },
  {
    id: 'connections.budget',
    look: inBoth(async (engine, scene) => {
      const full: string[] = [];
      let known = 0;
      for (const connection of await connectionsOf(engine, scene)) {
        const use = await readBudget(engine, connection).catch(() => undefined);
        if (use === undefined) continue;
        known += 1;
        if (use.used >= use.limit) full.push(`${nameOf(connection)} (${use.used} of ${use.limit})`);
      }
      if (full.length === 0) return ok(`${known} budgets have room.`);
      return warning(
        `Used up: ${full.join('; ')}. It passes by itself; if it stays, sync less often, or look who else uses the quota.`,
      );
    }),
  },
  {
    id: 'connections.circuits',
    look: inBoth(async (engine, scene) => {
      const open: string[] = [];
      for (const connection of await connectionsOf(engine, scene)) {
        const { key } = (await budgetOf(engine, connection).catch(() => undefined)) ?? {};
        if (key === undefined) continue;
        const { state } = await engine.road.circuit(key);
        if (state !== 'closed') open.push(`${nameOf(connection)} (${state})`);
      }
      if (open.length === 0) return ok('No circuit is open.');
      return warning(
        `Left alone because of failures, or by hand: ${open.join('; ')}. Look at the vendor; it is tried again by itself.`,
      );
    }),
  },
];

async function placeOf(engine: Engine, connection: Connection): Promise<string> {
  const connector = engine.connectors.find(({ id }) => id === connection.connector);
  if (connector === undefined) throw new Error(`there is no connector ${connection.connector}`);
  const settings = settingsOf(connector, connection);
  if (settings.baseUrl !== undefined) return settings.baseUrl;
  const { credentials } = await readSecrets(engine.db, engine.vault, connection);
  return baseUrlOf(connector, settings, credentialsOf(connector, credentials));
}

/** The connections for which `look` throws, with what it says. */
async function namesOf(connections: readonly Connection[], look: (connection: Connection) => Promise<void>) {
  const byName = new Map(connections.map((connection) => [nameOf(connection), connection]));
  return refusals([...byName.keys()], async (name) => {
    const connection = byName.get(name);
    if (connection !== undefined) await look(connection);
  });
}

async function refusals(names: readonly string[], look: (name: string) => Promise<unknown>): Promise<string[]> {
  const refused: string[] = [];
  for (let i = 0; i < names.length; i += atOnce) {
    const some = names.slice(i, i + atOnce);
    const results = await Promise.allSettled(some.map(look));
    results.forEach((result, place) => {
      if (result.status === 'rejected') refused.push(`${some[place]} (${reasonOf(result.reason)})`);
    });
  }
  return refused;
}

function reasonOf(error: unknown): string {
  return isSyncError(error) ? error.code : wordsOf(error);
}

function nameOf({ connector, name, id }: Connection): string {
  return `${connector} “${name}” ${id}`;
}
