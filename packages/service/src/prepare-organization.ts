import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '@syncline/config';
import { isSyncError } from '@syncline/connector-kit';
import { type EngineContext, ensureEnvironmentConnections } from '@syncline/engine';
import {
  explainDatabaseError,
  HiddenRowsError,
  isTransientDatabaseError,
  NewerSchemaError,
  requireFit,
  requireSchema,
  requireSight,
  SchemaError,
} from '@syncline/store';
import { exitCodes, StartError } from './start-error.js';

const undefinedTable = '42P01';
/** How long a process waits for Postgres and its tables at its start. */
const defaultPatienceMs = 60_000;
const everyMs = 1_000;
const reminderMs = 10_000;

/**
 * The default organization's id, with the connections of the environment made or brought up to date. Postgres, or the
 * migration, may be started at the same time as this process, so it is waited for. What is checked on the way: that the
 * sessions are in the schema that was configured, that its rows can be seen, and that it is of no release that this one
 * cannot work with.
 *
 * Throws StartError when Postgres or its tables do not come, or are not ours to use, or the environment's connection is
 * not usable; with an exit code of its own when the schema is too new.
 */
export async function prepareOrganization(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors' | 'log'>,
  environment: Pick<Environment, 'SYNCLINE_DATABASE_SCHEMA' | 'vendors'>,
  patienceMs: number = defaultPatienceMs,
): Promise<string> {
  const deadline = Date.now() + patienceMs;
  let remindAt = 0;
  for (;;) {
    try {
      await requireSchema(ctx.db, environment.SYNCLINE_DATABASE_SCHEMA);
      await requireSight(ctx.db);
      await requireFit(ctx.db);
      return (await ensureEnvironmentConnections(ctx, environment.vendors)).organizationId;
    } catch (error) {
      const waitingFor = passing(error);
      if (waitingFor === undefined) throw explained(error);
      if (Date.now() >= deadline) throw new StartError(waitingFor, { cause: error });
      if (Date.now() >= remindAt) {
        ctx.log.warn({ event: 'process.waiting', err: error }, `${waitingFor} Waiting.`);
        remindAt = Date.now() + reminderMs;
      }
      await pause(everyMs);
    }
  }
}

/** A sentence about what may come right by itself; undefined for what will not. */
function passing(error: unknown): string | undefined {
  if (error instanceof SchemaError && error.missing) return error.message;
  if ((error as { code?: unknown }).code === undefinedTable) {
    return 'The database has no Syncline tables; run npm run migrate.';
  }
  if (isTransientDatabaseError(error)) return 'Postgres cannot be reached; check DATABASE_URL and the server.';
  return undefined;
}

function explained(error: unknown): unknown {
  if (isSyncError(error)) return new StartError(`${error.message}. ${error.entry.hint}`, { cause: error });
  if (error instanceof NewerSchemaError) {
    return new StartError(error.message, { cause: error, exitCode: exitCodes.olderThanDatabase });
  }
  const askedFor = [RangeError, SchemaError, HiddenRowsError].some((kind) => error instanceof kind);
  if (askedFor && error instanceof Error) return new StartError(error.message, { cause: error });
  const sentence = explainDatabaseError(error);
  return sentence === undefined ? error : new StartError(sentence, { cause: error });
}
