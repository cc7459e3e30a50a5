import { readFooting } from '@syncline/engine';
import {
  canBeTenant,
  describeDifference,
  findDrift,
  listRestorations,
  readChangedMigrations,
  readSchemaStanding,
  readWorkFacts,
  requireSight,
} from '@syncline/store';
import { type Check, ok, problem, skipped, warning } from '../check.js';
import { inBoth, inPostgres } from './needs.js';

const namedAtMost = 10;

export const schemaChecks: readonly Check[] = [
  {
    id: 'schema.migrations',
    look: inPostgres(async ({ db }) => {
      const { pending, unknown, fits } = await readSchemaStanding(db);
      if (!fits) {
        return problem(
          `The database is of a newer release (${unknown.join(', ')}), which this one cannot work with: start the newer one.`,
        );
      }
      if (pending.length > 0) return problem(`Not applied: ${some(pending)}. Run npm run migrate.`);
      if (unknown.length > 0)
        return warning(`A newer release has applied ${some(unknown)}; this one can work with it.`);
      const changed = await readChangedMigrations(db);
      if (changed.length > 0) {
        return warning(
          `Not what they were when they were applied here: ${some(changed)}. Nothing applies them again; restore the files.`,
        );
      }
      return ok('All migrations are applied.');
    }),
  },
  {
    id: 'schema.drift',
    look: inPostgres(async ({ db }) => {
      const { pending, unknown } = await readSchemaStanding(db);
      if (pending.length + unknown.length > 0) return skipped('The schema is of another release.');
      const drift = await findDrift(db);
      if (drift.length === 0) return ok('The schema is as the migrations made it.');
      return problem(`Somebody has changed what is Syncline's: ${some(drift.map(describeDifference))}. Put it back.`);
    }),
  },
  {
    id: 'schema.sight',
    look: inPostgres(async ({ db }) => {
      await requireSight(db);
      if (await canBeTenant(db)) return ok('The database keeps organizations apart.');
      return warning('Row-level security between organizations is not in force: see docs/tenancy.md.');
    }),
  },
  {
    id: 'installation.together',
    look: inBoth(async (engine) => {
      const footing = await readFooting(engine);
      if (footing.kind === 'free') return ok('Postgres and the queues in Redis belong together.');
      if (footing.kind === 'held') return problem(`Nothing is worked on: ${footing.message}`);
      return problem(
        'Postgres was restored and the queues are not rebuilt yet: a worker does that within a minute. Start one.',
      );
    }),
  },
  {
    id: 'installation.restored',
    look: inPostgres(async ({ db }) => {
      const [last] = await listRestorations(db);
      if (last === undefined) return ok('No restore of Postgres has been noticed.');
      const between = `${last.lostFrom.toISOString()} and ${last.lostUntil.toISOString()}`;
      if (last.putRightAt === null)
        return problem(`Postgres was restored and the queues are not rebuilt yet (lost: between ${between}).`);
      const left = last.syncs.filter(({ jobId }) => jobId === undefined);
      const refused = left.map(({ connectionId, refused: code }) => `${connectionId} (${code})`);
      const rest = refused.length === 0 ? '' : ` No sync was started for ${some(refused)}: start one.`;
      const said = `Postgres was restored; what was committed between ${between} was lost.${rest}`;
      // The alert goes when the whole lists were read.
      const { restored = 0 } = await openAlerts(db);
      if (restored === 0) return ok(`${said} Everything was read in full since.`);
      return warning(`${said} Run npm run sync -- --mode comprehensive: deletes of that time are only found in full.`);
    }),
  },
];

async function openAlerts(db: Parameters<typeof listRestorations>[0]): Promise<Readonly<Record<string, number>>> {
  return (await readWorkFacts(db, undefined, Number.MAX_SAFE_INTEGER)).alerts;
}

function some(names: readonly string[]): string {
  const more = names.length - namedAtMost;
  return names.slice(0, namedAtMost).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
