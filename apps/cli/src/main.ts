import { EnvironmentError } from '@syncline/config';
import { EmbeddedError } from '@syncline/embedded';
import { RedisSetupError } from '@syncline/queue';
import { exitCodes } from '@syncline/service';
import { AdoptionError, HiddenRowsError, NewerSchemaError, OccupiedError, SchemaError } from '@syncline/store';
import { Command, InvalidArgumentError } from 'commander';
import { type AdoptCommand, runAdopt, schemaName } from './adopt.js';
import { type DemoCommand, runDemo } from './demo/demo-command.js';
import type { DoctorCommand } from './doctor/doctor-command.js';
import { NoTablesError, runKeysRotate } from './keys-rotate.js';
import { runMigrate } from './migrate.js';
import { runSimulatorProcess, simulatedVendors } from './simulator-process.js';
import { runSync, type SyncCommand } from './sync/sync-command.js';
import { runTakeover } from './takeover.js';
import type { UpOptions } from './up/up.js';
import { runVerify, type VerifyCommand } from './verify/verify-command.js';
import { NoSessionError } from './with-database.js';

const program = new Command('syncline').description('Keeps your Postgres in step with your SaaS tools.');

program
  .command('up')
  .description('services, migrations, API, workers and a first sync, in one go')
  .option('--workers <n>', 'worker processes', positive, 1)
  .option('--contacts <n>', 'size of the simulated firm, where no vendor is configured', positive, 2000)
  // Loaded when it is wanted: the other commands, simulators among them, start quicker without all that it needs.
  .action(async (options: UpOptions) => (await import('./up/up.js')).up(options));

program
  .command('migrate')
  .description("brings the database's schema up to date (DATABASE_URL)")
  .option('--check', 'change nothing; say what is missing, and what is not as the migrations made it', false)
  .action((options: { check: boolean }) => runMigrate(options));

program
  .command('schema')
  .description('for contributors: writes migrations/manifest.json anew, after a migration was added')
  .option('--edited', 'also take migrations that were edited and that no release has', false)
  .action(async (options: { edited: boolean }) => (await import('./schema-manifest.js')).runSchema(options));

program
  .command('adopt')
  .description('makes tables that you have already (contacts, exchanges, tasks) ones that can be synced into')
  .option('--schema <name>', 'the schema they are in (else SYNCLINE_DATABASE_SCHEMA)', schemaName)
  .option('--dry-run', 'show the SQL and change nothing', false)
  .action((options: AdoptCommand) => runAdopt(options));

program
  .command('keys')
  .description('the keys that stored credentials are encrypted with (SYNCLINE_ENCRYPTION_KEY)')
  .command('rotate')
  .description('encrypts all stored credentials and tokens with the newest key, while the fleet is running')
  .option('--dry-run', 'count what each key is still needed for, and change nothing', false)
  .action((options: { dryRun: boolean }) => runKeysRotate(options));

program
  .command('sync')
  .description('syncs what changed, by the API (SYNCLINE_API_URL, SYNCLINE_API_KEY; else that of npm start)')
  .option('--connection <id>', 'one connection (else all of the organization)')
  .option('--mode <name>', 'comprehensive, basic, patients-only or active')
  .option('--organization <name>', 'its id, slug or external id, where the key is good for several')
  .option('--follow', 'show how far it is, until it has ended; also one that is running already', false)
  .option('--url <url>', 'where the API is')
  .action((options: SyncCommand) => runSync(options));

program
  .command('verify')
  .description("holds the vendor's records against the rows, by the API as sync does; exit code 3 when they differ")
  .argument('<connection>', 'its id')
  .option('--entities <names>', 'those to look at, with commas (else all)', names)
  .option('--repair', 'repair what is found, and look once more', false)
  .option('--organization <name>', 'its id, slug or external id, where the key is good for several')
  .option('--url <url>', 'where the API is')
  .action((connection: string, options: Omit<VerifyCommand, 'connection'>) => runVerify({ ...options, connection }));

program
  .command('demo')
  .description('connections to simulators that run already, by the API as sync does, and their first syncs')
  .option('--practicepanther <url>', 'where it is')
  .option('--cliniko <url>', 'where it is')
  .option('--notion <url>', 'where it is')
  .option('--irelandpay <url>', 'where it is')
  .option('--url <url>', 'where the API is')
  .action((options: DemoCommand) => runDemo(options));

program
  .command('doctor')
  .description(
    'looks at the configuration, the services and the work, and says what to do; exit code 1 when there is a problem',
  )
  .option('--json', 'for programs', false)
  .option('--test-connections', 'also ask each vendor something, which spends a request of each budget', false)
  .option('--organization <name>', 'its id, slug or external id: only its connections and syncs')
  .action(async (options: DoctorCommand) => (await import('./doctor/doctor-command.js')).runDoctor(options));

program
  .command('takeover')
  .description('says that this database is the one to go on with, after it was moved or restored to another place')
  .option('--confirm', 'do it; else only show how things stand', false)
  .action((options: { confirm: boolean }) => runTakeover(options));

program
  .command('simulator')
  .description("a vendor's API on this machine")
  .argument('<vendor>', simulatedVendors)
  .allowUnknownOption()
  .helpOption(false)
  .argument('[options...]')
  .action((vendor: string) => runSimulatorProcess(vendor, process.argv.slice(process.argv.indexOf(vendor) + 1)));

function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 is expected.');
  return number;
}

/** What an operator can mend, said in full by its message. */
const expected = [
  ...[
    EnvironmentError,
    AdoptionError,
    HiddenRowsError,
    NewerSchemaError,
    NoSessionError,
    NoTablesError,
    OccupiedError,
    RedisSetupError,
    SchemaError,
  ],
];

function exitCodeOf(error: unknown, mendable: boolean): number {
  if (error instanceof NewerSchemaError) return exitCodes.olderThanDatabase;
  return mendable ? exitCodes.needsSomebody : 1;
}

program.parseAsync().catch((error: unknown) => {
  const mendable = expected.some((kind) => error instanceof kind);
  // What an operator can mend is said in a sentence or two; only bugs come with a stack.
  if (error instanceof EmbeddedError) process.stderr.write(`${error.message}\n${error.hint}\n`);
  else if (mendable) process.stderr.write(`${(error as Error).message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(exitCodeOf(error, mendable || error instanceof EmbeddedError));
});
