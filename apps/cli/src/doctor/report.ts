import { variables } from '@syncline/config';
import type { Finding, Status } from './check.js';

export interface Result extends Finding {
  readonly id: string;
}

const marks: Readonly<Record<Status, string>> = {
  ok: 'ok',
  warning: 'warning',
  problem: 'PROBLEM',
  skipped: 'skipped',
};

/** For people: by what they are about, and what there is to do once more at the end, the worst first. */
export function reportOf(results: readonly Result[]): string {
  const groups = [...new Set(results.map(groupOf))];
  const lines = groups.flatMap((group) => [
    group,
    ...results
      .filter((result) => groupOf(result) === group)
      .map((result) => `  ${marks[result.status].padEnd(8)} ${nameOf(result).padEnd(12)} ${result.message}`),
    '',
  ]);
  const of = (status: Status) => results.filter((result) => result.status === status);
  const toDo = [...of('problem'), ...of('warning')];
  const counts = `${of('problem').length} problems, ${of('warning').length} warnings, ${of('ok').length} ok, ${of('skipped').length} skipped`;
  if (toDo.length === 0) return [...lines, `All well: ${counts}`].join('\n');
  return [...lines, counts, ...toDo.map(({ id, status, message }) => `  ${marks[status]} ${id}: ${message}`)].join(
    '\n',
  );
}

const groupOf = ({ id }: Result) => id.split('.')[0] ?? '';
const nameOf = ({ id }: Result) => id.split('.')[1] ?? '';

/**
 * Strikes out whatever is secret in the environment, wherever it got into a text: what a driver says of an address that it
 * cannot use, say. The passwords of addresses count by themselves, too.
 */
export function withoutSecrets(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const secret = Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || value.length < 6 || !isSecret(name)) return [];
    const passwords = passwordsIn(value);
    return [value, ...value.split(','), ...passwords, ...passwords.map(decoded)].filter((part) => part.length >= 6);
  });
  return secret
    .sort((one, other) => other.length - one.length)
    .reduce((rest, part) => rest.replaceAll(part, '[secret]'), text);
}

/** Of an address of several hosts, too, which is no URL to Node, and those among its options. */
function passwordsIn(address: string): string[] {
  const found = [...address.matchAll(/:\/\/[^/?:]*:([^/?]*)@/g), ...address.matchAll(/[?&]\w*password=([^&]*)/gi)];
  return found.map(([, password = '']) => password);
}

/** Ours are marked as such; of all others the name tells. */
function isSecret(name: string): boolean {
  if (name in variables) return 'secret' in variables[name as keyof typeof variables];
  return /KEY|SECRET|TOKEN|PASSWORD|URL|CREDENTIAL/i.test(name);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
