import { readFileSync } from 'node:fs';
import type { Variable } from './variables.js';

type Env = Readonly<Record<string, string | undefined>>;

const suffix = '_FILE';

/** The variable whose value is in the file that this one names; undefined for a variable that is none of these. */
export function secretOfFile(name: string, table: Readonly<Record<string, Variable>>): string | undefined {
  const secret = name.slice(0, -suffix.length);
  return name.endsWith(suffix) && Object.hasOwn(table, secret) && table[secret]?.secret ? secret : undefined;
}

/**
 * The environment with secrets from files: `NAME_FILE` names a file with the value of NAME, for every secret of the table,
 * because orchestrators hand secrets over as files. The last line feed does not count. What cannot be read, or is given both
 * ways, is a problem in a sentence, which repeats no value.
 */
export function withSecretFiles(
  env: Env,
  table: Readonly<Record<string, Variable>>,
): { readonly env: Env; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const resolved: Record<string, string | undefined> = { ...env };
  for (const [name, path] of Object.entries(env)) {
    const secret = secretOfFile(name, table);
    if (secret === undefined || !path) continue;
    // It has done its work: a process that this one starts is given the value.
    delete resolved[name];
    if (env[secret]) {
      problems.push(`${secret} and ${name} are both set: one of them has to go`);
      continue;
    }
    try {
      resolved[secret] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      problems.push(`${name} names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return { env: resolved, problems };
}
