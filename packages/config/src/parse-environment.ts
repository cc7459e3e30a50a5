import type { z } from 'zod';
import { secretOfFile, withSecretFiles } from './secret-files.js';
import { supabaseHint } from './supabase-hint.js';
import { type Variable, variables } from './variables.js';

type Known = typeof variables;
type Values = { readonly [Name in keyof Known]: z.output<Known[Name]['schema']> };

export type Environment<Required extends keyof Known = never> = {
  readonly [Name in keyof Values]: Name extends Required ? NonNullable<Values[Name]> : Values[Name];
} & {
  /** The vendors' variables, as their connectors declare them. */
  readonly vendors: Readonly<Record<string, unknown>>;
};

/** The environment is not usable; the message has one line a variable and says what to do. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Parses the environment, once at a process' start. An empty value counts as unset. The value of a secret may be in a
 * file, which `NAME_FILE` names. Variables with our prefix that nobody knows are errors, because they are typing mistakes.
 *
 * Throws EnvironmentError, with everything that is wrong at once. Values are never repeated in it.
 */
export function parseEnvironment<const Required extends keyof Known = never>(
  given: Readonly<Record<string, string | undefined>>,
  vendorVariables: Readonly<Record<string, Variable>> = {},
  required: readonly Required[] = [],
): Environment<Required> {
  const { env, values, vendors, invalid, unknown } = inspectEnvironment(given, vendorVariables);
  const problems = [...invalid];
  for (const name of required) {
    if (env[name] === undefined || env[name] === '') problems.push(`${name} is required here. ${variables[name].doc}`);
  }
  for (const name of unknown) problems.push(`${name} is not known. Known are: ${ours().join(', ')}`);
  const hint = supabaseHint(env);
  if (hint !== undefined && problems.some((problem) => problem.startsWith('DATABASE_URL '))) problems.push(hint);
  if (problems.length > 0) throw new EnvironmentError(problems.join('\n'));
  return { ...values, vendors } as unknown as Environment<Required>;
}

/** An environment as far as it can be used. */
export interface InspectedEnvironment {
  /** What was given, with the values of secrets that are in files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is not valid is undefined, also where there would be a default. */
  readonly values: Partial<Values>;
  readonly vendors: Readonly<Record<string, unknown>>;
  /** A sentence for each variable that is not valid; values are never repeated in it. */
  readonly invalid: readonly string[];
  /** Variables with our prefix that nobody knows. */
  readonly unknown: readonly string[];
}

/** Reads what can be read, for whoever looks for what is wrong. */
export function inspectEnvironment(
  given: Readonly<Record<string, string | undefined>>,
  vendorVariables: Readonly<Record<string, Variable>> = {},
): InspectedEnvironment {
  const { env, problems } = withSecretFiles(given, { ...variables, ...vendorVariables });
  const invalid = [...problems];
  const parse = (table: Readonly<Record<string, Variable>>) =>
    Object.fromEntries(
      Object.entries(table).map(([name, { schema }]) => {
        const parsed = schema.safeParse(env[name] === '' ? undefined : env[name]);
        if (!parsed.success) invalid.push(`${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
        return [name, parsed.data];
      }),
    );
  const values = parse(variables) as Partial<Values>;
  const vendors = parse(vendorVariables);
  const isKnown = (name: string) => name in variables || secretOfFile(name, variables) !== undefined;
  const unknown = Object.keys(env).filter((name) => name.startsWith('SYNCLINE_') && !isKnown(name));
  return { env, values, vendors, invalid, unknown };
}

function ours(): string[] {
  return Object.keys(variables).filter((name) => name.startsWith('SYNCLINE_'));
}
