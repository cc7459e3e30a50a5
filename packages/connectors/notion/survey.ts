import { isSyncError, type Survey, SyncError, type VendorClient } from '@syncline/connector-kit';
import { z } from 'zod';
import { chooseProperties, driftOf, type Properties } from './choose-properties.js';
import type { NotionSettings, SurveyedDatabase } from './settings.js';

const databaseAnswer = z.object({
  data_sources: z.array(z.object({ id: z.string(), name: z.string().nullish() })),
});
const sourceAnswer = z.object({
  properties: z.record(z.string(), z.object({ id: z.string(), type: z.string() })),
  in_trash: z.boolean().nullish(),
});

/**
 * Which data source is read, and which of its properties go to which column. Both are decided once, and kept; from then
 * on only what has become of them is looked at, when a run begins.
 *
 * Throws SyncError CONNECTION_SETTINGS_INVALID when the database cannot be seen, is in the trash, or does not say by
 * itself which of its data sources is meant; UPSTREAM_BAD_BODY.
 */
export async function surveyDatabase(
  client: VendorClient,
  settings: NotionSettings,
  begins: boolean,
): Promise<Survey | undefined> {
  const known = knownDatabase(settings);
  if (known !== undefined && !begins) return undefined;
  const dataSourceId = known?.dataSourceId ?? (await findSource(client, settings));
  const properties = await readSchema(client, dataSourceId);
  const choice = choose(properties, settings, known);
  const drift = driftOf(choice, properties);
  const database: SurveyedDatabase = { databaseId: settings.databaseId, dataSourceId, properties: choice, drift };
  if (known !== undefined && JSON.stringify(known) === JSON.stringify(database)) return undefined;
  const notices = drift.filter((notice) => !known?.drift.includes(notice));
  // Also where nothing is known: an operator who had it forgotten may have named another database with it.
  const startsOver = settings.database?.dataSourceId !== dataSourceId;
  return { settings: { database }, notices, startsOver };
}

/** What was found out about the very database that the settings name; undefined if that is another one. */
function knownDatabase({ database, databaseId, dataSourceId }: NotionSettings): SurveyedDatabase | undefined {
  if (database?.databaseId !== databaseId) return undefined;
  return dataSourceId === undefined || dataSourceId === database.dataSourceId ? database : undefined;
}

async function findSource(client: VendorClient, { databaseId, dataSourceId }: NotionSettings): Promise<string> {
  const { data_sources: sources } = await read(client, `databases/${databaseId}`, databaseAnswer);
  const names = sources.map(({ id, name }) => `${name ?? 'unnamed'} (${id})`).join(', ');
  if (dataSourceId !== undefined) {
    if (sources.some(({ id }) => id === dataSourceId)) return dataSourceId;
    throw invalid(`settings.dataSourceId: the database has no such data source, but ${names || 'none'}`);
  }
  const [only, ...others] = sources;
  if (only === undefined) throw invalid('settings.databaseId: the database has no data source');
  if (others.length === 0) return only.id;
  throw invalid(`settings.dataSourceId: the database has several data sources, and one has to be named: ${names}`);
}

async function readSchema(client: VendorClient, dataSourceId: string): Promise<Properties> {
  const { properties, in_trash: isTrashed } = await read(client, `data_sources/${dataSourceId}`, sourceAnswer);
  // Its list would be empty, which is no word about the clients.
  if (isTrashed) throw invalid('settings.databaseId: the database is in the trash');
  return properties;
}

function choose(properties: Properties, { columns }: NotionSettings, known: SurveyedDatabase | undefined) {
  try {
    return chooseProperties(properties, columns, known?.properties);
  } catch (error) {
    if (error instanceof RangeError) throw invalid(`settings.${error.message}`);
    throw error;
  }
}

async function read<T>(client: VendorClient, path: string, schema: z.ZodType<T>): Promise<T> {
  let json: unknown;
  try {
    ({ json } = await client.get(path));
  } catch (error) {
    if (!isSyncError(error) || error.details['status'] !== 404) throw error;
    throw invalid('settings.databaseId: there is no such database, or it is not shared with the integration');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new SyncError('UPSTREAM_BAD_BODY', `${path}: expected a database or data source`);
}

function invalid(message: string): SyncError {
  return new SyncError('CONNECTION_SETTINGS_INVALID', message);
}
