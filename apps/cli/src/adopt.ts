import { parseEnvironment, variables } from '@syncline/config';
import { connectors } from '@syncline/connectors';
import { type Adoption, adopt, adoptionTargets, type Finding, requireSchema } from '@syncline/store';
import { InvalidArgumentError } from 'commander';
import { withDatabase } from './with-database.js';

export interface AdoptCommand {
  readonly schema?: string;
  readonly dryRun: boolean;
}

/** The name of a schema, as commander parses it. */
export function schemaName(text: string): string {
  const parsed = variables.SYNCLINE_DATABASE_SCHEMA.schema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'not a name.');
  return text;
}

/**
 * `syncline adopt`: makes a database that has tables of the user's own one that can be synced into, or says what is in the
 * way. Ends with exit code 2 then, and nothing is changed.
 */
export async function runAdopt({ schema: asked, dryRun }: AdoptCommand): Promise<void> {
  const { DATABASE_URL, SYNCLINE_DATABASE_SCHEMA } = parseEnvironment(process.env, {}, ['DATABASE_URL']);
  const schema = asked ?? SYNCLINE_DATABASE_SCHEMA;
  const options = { databaseUrl: DATABASE_URL, schema, applicationName: 'syncline adopt' };
  const adoption = await withDatabase(options, async (db) => {
    await requireSchema(db, schema);
    return adopt(db, adoptionTargets(connectors), { dryRun });
  });
  if (adoption.obstacles.length > 0) process.exitCode = 2;
  process.stdout.write(dryRun ? dryRunReport(adoption) : report(adoption));
  if (asked !== undefined && asked !== SYNCLINE_DATABASE_SCHEMA && adoption.obstacles.length === 0) {
    process.stderr.write(
      `Set SYNCLINE_DATABASE_SCHEMA=${asked} for API and workers, unless it is the role's own schema.\n`,
    );
  }
}

/** The SQL, to be read or kept; whatever else there is to say, in comments. */
function dryRunReport(adoption: Adoption): string {
  const said = [...remarks(adoption), 'Nothing was changed.'].join('\n');
  return `${said.replaceAll(/^/gm, '-- ')}\n\n${adoption.statements.join('\n\n')}\n`;
}

function report(adoption: Adoption): string {
  const { statements, obstacles, schema, tables } = adoption;
  const end = () => {
    if (obstacles.length > 0) return 'Nothing was changed.';
    if (statements.length === 0) return `The schema ${schema} can be synced into. Nothing was missing.`;
    const names = tables.map(({ table }) => table).join(', ') || 'no table of yours, there was none to adopt';
    return `The schema ${schema} can be synced into now: ${names}. npm run migrate keeps it up to date from here on.`;
  };
  return `${[...remarks(adoption), end()].join('\n')}\n`;
}

function remarks({ obstacles, warnings, tables, untouched }: Adoption): string[] {
  const list = (title: string, findings: readonly Finding[]) =>
    findings.length === 0 ? [] : [title, ...findings.map(line), ''];
  const written = tables.filter(({ written }) => written.length > 0);
  return [
    ...list('In the way:', obstacles),
    ...list('Good to know:', warnings),
    ...(written.length === 0
      ? []
      : [
          'Columns of yours that a sync writes, in rows that have a vendor id; it touches no other row:',
          ...written.map(({ table, written }) => `  ${table}: ${written.join(', ')}`),
          '',
        ]),
    ...untouched.map((table) => `Your table ${table} is not touched: PracticePanther's users go to pp_users.`),
  ];
}

function line({ table, column, problem, remedy }: Finding): string {
  return `  ${column === undefined ? table : `${table}.${column}`} ${problem}.\n    ${remedy}`;
}
