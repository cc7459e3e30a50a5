import { readFile } from 'node:fs/promises';
import { type Variable, variables } from '@syncline/config';
import { connectors } from '@syncline/connectors';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

/** Every variable that any process of ours knows. */
const known: Readonly<Record<string, Variable>> = Object.assign(
  { ...variables },
  ...connectors.map(({ environment }) => environment?.variables ?? {}),
);

/** A default as it would be written in the environment; empty where there is none. */
function defaultOf({ schema }: Variable): string {
  const value = schema.safeParse(undefined).data;
  return Array.isArray(value) ? value.join(',') : String(value ?? '');
}

const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');

test('docs/configuration.md has every variable once, with its default and whether it is secret, and no other', async () => {
  const row = /^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\| (.+) \| (yes)? ?\|$/;
  const rows = (await read('docs/configuration.md')).split('\n').flatMap((line) => {
    const [, name, given = '', , secret] = row.exec(line) ?? [];
    return name === undefined ? [] : [{ name, default: given, secret: secret === 'yes' }];
  });
  const wanted = Object.entries(known).map(([name, variable]) => ({
    name,
    default: defaultOf(variable),
    secret: variable.secret ?? false,
  }));
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  expect(rows.sort(byName)).toEqual(wanted.sort(byName));
});

test('.env.example has every variable once, commented out, and no other', async () => {
  const lines = (await read('.env.example')).split('\n').filter(Boolean);
  expect(lines.filter((line) => !line.startsWith('#'))).toEqual([]);
  const assignments = lines.flatMap((line) => {
    const [, name, value] = /^# ([A-Z_]+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value: value ?? '' }];
  });
  expect(assignments.map(({ name }) => name).sort()).toEqual(Object.keys(known).sort());
  // What is shown is the default, or an example that the schema takes; nothing for what only its owner can know.
  for (const { name, value } of assignments) {
    const variable = known[name];
    if (variable === undefined || value === '') continue;
    const fallback = defaultOf(variable);
    if (fallback !== '') expect(value, name).toBe(fallback);
    expect(variable.schema.safeParse(value).success, name).toBe(true);
  }
});

test('docker-compose.yml hands every variable on to API or workers, but those that containers have no use for', async () => {
  // Parsed, and not searched: a variable that stands there twice makes compose refuse the whole file.
  const { services } = parse(await read('docker-compose.yml'), { merge: true }) as {
    services: Record<'api' | 'worker', { environment: object }>;
  };
  const handedOn = new Set(Object.keys({ ...services.api.environment, ...services.worker.environment }));
  // The image sets the first three; the next are for npm start, and for whoever calls the API from elsewhere; and its Redis,
  // in a network of its own, is reached without TLS.
  const own = ['HOST', 'PORT', 'SYNCLINE_WORKER_PORT', 'SYNCLINE_HOME', 'SYNCLINE_API_URL', 'SYNCLINE_API_KEY'];
  // Whoever comes through a forwarded port of a container may look local: there it is nobody's to switch on.
  own.push('SYNCLINE_LOCAL_SIGN_IN');
  expect(handedOn).not.toContain('SYNCLINE_LOCAL_SIGN_IN');
  const isOwn = (name: string) => own.includes(name) || name.startsWith('REDIS_TLS_');
  expect(Object.keys(known).filter((name) => !handedOn.has(name) && !isOwn(name))).toEqual([]);
});
