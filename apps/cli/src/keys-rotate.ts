import { parseEnvironment } from '@syncline/config';
import {
  countSecrets,
  createVault,
  type KeyUse,
  pendingMigrations,
  type Rotation,
  requireSchema,
  requireSight,
  rotateSecrets,
} from '@syncline/store';
import { withDatabase } from './with-database.js';

/** There is nothing yet whose keys could be changed. */
export class NoTablesError extends Error {
  override readonly name = 'NoTablesError';
}

/**
 * `syncline keys rotate`: encrypts all stored secrets with the newest key, and says what that came to. Ends with exit
 * code 2 when something is left that needs somebody: secrets that no key opens, or that others keep writing with an old
 * one. A dry run only counts; its exit code is 2 if there are secrets under a key that is not configured.
 *
 * Throws EnvironmentError, SchemaError, HiddenRowsError, NoTablesError.
 */
export async function runKeysRotate({ dryRun }: { readonly dryRun: boolean }): Promise<void> {
  const needed = ['DATABASE_URL', 'SYNCLINE_ENCRYPTION_KEY'] as const;
  const { DATABASE_URL, SYNCLINE_DATABASE_SCHEMA, ...environment } = parseEnvironment(process.env, {}, needed);
  const vault = createVault(environment.SYNCLINE_ENCRYPTION_KEY);
  const options = { databaseUrl: DATABASE_URL, schema: SYNCLINE_DATABASE_SCHEMA, applicationName: 'syncline keys' };
  await withDatabase(options, async (db) => {
    await requireSchema(db, SYNCLINE_DATABASE_SCHEMA);
    if ((await pendingMigrations(db)).length > 0) {
      throw new NoTablesError('The database is not up to date; run npm run migrate.');
    }
    await requireSight(db);
    const rotation = dryRun ? undefined : await rotateSecrets(db, vault);
    const uses = usesOf(vault.keyIds, await countSecrets(db));
    const unknown = uses.some(({ standing }) => standing === 'not configured');
    process.stdout.write([...(rotation ? outcome(rotation) : []), ...table(uses), ...advice(uses)].join('\n'));
    process.stdout.write('\n');
    const left = rotation !== undefined && rotation.unreadable.length + rotation.contested.length > 0;
    if (unknown || left) process.exitCode = 2;
  });
}

interface Use extends KeyUse {
  readonly standing: 'newest' | 'older' | 'not configured';
}

const noSecrets = { credentials: 0, tokens: 0, webhook_keys: 0, job_access: 0 };

function total(counts: Omit<KeyUse, 'keyId'>): number {
  return counts.credentials + counts.tokens + counts.webhook_keys + counts.job_access;
}

/** Configured keys in their order, whether they are used or not; then those that are used and not configured. */
function usesOf(keyIds: readonly string[], counted: readonly KeyUse[]): Use[] {
  const configured = keyIds.map((keyId, i): Use => {
    const use = counted.find((one) => one.keyId === keyId) ?? { keyId, ...noSecrets };
    return { ...use, standing: i === 0 ? 'newest' : 'older' };
  });
  const others = counted.filter(({ keyId }) => !keyIds.includes(keyId));
  return [...configured, ...others.map((use): Use => ({ ...use, standing: 'not configured' }))];
}

function outcome({ rotated, already, unreadable, contested }: Rotation): string[] {
  const { credentials, tokens, webhook_keys: webhookKeys, job_access: ofJobs } = rotated;
  return [
    `Encrypted anew: ${total(rotated)} (credentials ${credentials}, tokens ${tokens}, webhook keys ${webhookKeys}, of jobs ${ofJobs}). Under the newest key already: ${already}.`,
    ...(unreadable.length === 0
      ? []
      : [
          '',
          'No configured key opens the secrets of these connections; they were left as they are:',
          ...list(unreadable),
        ]),
    ...(contested.length === 0
      ? []
      : [
          '',
          'Other processes keep writing the tokens of these with an older key. Give all of them the newest key first, then run this again:',
          ...list(contested),
        ]),
    '',
  ];
}

const list = (ids: readonly string[]) => ids.map((id) => `  ${id}`);

function table(uses: readonly Use[]): string[] {
  const line = (key: string, standing: string, counts: readonly (string | number)[]) =>
    `${key.padEnd(14)}${standing.padEnd(16)}${counts.map((count) => String(count).padStart(14)).join('')}`;
  return [
    line('key', '', ['credentials', 'tokens', 'webhook keys', 'of jobs']),
    ...uses.map((use) => {
      const counts = [use.credentials, use.tokens, use.webhook_keys, use.job_access];
      return line(use.keyId || 'none', use.standing, counts);
    }),
  ];
}

function advice(uses: readonly Use[]): string[] {
  const older = uses.filter(({ standing }) => standing === 'older');
  const needed = older.filter((use) => total(use) > 0).map(({ keyId }) => keyId);
  const free = older.filter(({ keyId }) => !needed.includes(keyId)).map(({ keyId }) => keyId);
  return [
    ...(needed.length === 0 ? [] : [`Still needed: ${needed.join(', ')}.`]),
    ...(free.length === 0
      ? []
      : [`Nothing is under ${free.join(', ')}: to be dropped when every process has the newest key in front.`]),
  ];
}
