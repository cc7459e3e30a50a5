import { parseArgs } from 'node:util';
import { announce, SWITCH, TEXT, toNumber } from '../../simulation/command-line.js';
import { definedOnly } from '../../simulation/defined-only.js';
import type { SimulatorOptions } from './options.js';
import type { Quirks } from './quirks.js';
import type { Simulator } from './simulator.js';
import { startSimulator } from './start-simulator.js';

/** Shown by `--help`, and the reference of the command line. */
export const SIMULATOR_USAGE = `PracticePanther simulator

  --port N                  port to listen on (default 4001; 0 takes any)
  --host ADDRESS            address to listen on (default 127.0.0.1)
  --seed N                  same seed, same data (default 1)
  --contacts N              size of the firm (default 1000); the other sizes follow from it
  --accounts N, --matters N, --tasks N, --users N, --notes N, --emails N, --events N, --timeentries N
  --edits-per-minute N      edits, additions and deletions over time (default 0)
  --client-id, --client-secret, --refresh-token TEXT
  --token-life SECONDS      life of access tokens (default 86399)
  --quota REQUESTS/SECONDS  answer 429 above it, e.g. 300/300
  --row-cap N               no list answers more rows
  --slow-matters MS         how long a list of matters takes
  --ignore-paging           $top, $skip and $orderby have no effect
  --archived-hidden         archived records only where a status is asked for
  --no-client-credentials   only the two documented grants
  --expired-token-status N  400 (default) or 401
  --prerender               render every record before the first request, for benchmarks
  --cache-mb N              how much rendered text is kept (default 256)
  --json                    print one line of JSON instead of text
  --until-stdin-ends        close when standard input does, so that no parent leaves it behind
`;

const NUMBERS = [
  'port',
  'seed',
  'contacts',
  'accounts',
  'matters',
  'tasks',
  'users',
  'notes',
  'emails',
  'events',
  'timeentries',
] as const;

/** Starts a simulator from a command line and prints where it is and how to get in. */
export async function runSimulator(argv: readonly string[]): Promise<Simulator> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      host: TEXT,
      ...numberOptions(),
      'edits-per-minute': TEXT,
      'client-id': TEXT,
      'client-secret': TEXT,
      'refresh-token': TEXT,
      'token-life': TEXT,
      quota: TEXT,
      'row-cap': TEXT,
      'slow-matters': TEXT,
      'expired-token-status': TEXT,
      'ignore-paging': SWITCH,
      'archived-hidden': SWITCH,
      'no-client-credentials': SWITCH,
      'cache-mb': TEXT,
      prerender: SWITCH,
      json: SWITCH,
      'until-stdin-ends': SWITCH,
      help: SWITCH,
    },
  });
  if (values.help) {
    process.stdout.write(SIMULATOR_USAGE);
    process.exit(0);
  }
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, toNumber(name, values[name])]));
  const quirks: Partial<Quirks> = definedOnly({
    rowCap: toNumber('row-cap', values['row-cap']),
    slowMattersMs: toNumber('slow-matters', values['slow-matters']),
    quota: values.quota === undefined ? undefined : toQuota(values.quota),
    ignorePaging: values['ignore-paging'],
    archivedHidden: values['archived-hidden'],
    rejectClientCredentials: values['no-client-credentials'],
    expiredTokenStatus: toNumber('expired-token-status', values['expired-token-status']) as 400 | 401 | undefined,
  });
  const cacheMb = toNumber('cache-mb', values['cache-mb']);
  const options: SimulatorOptions = definedOnly({
    port: 4001,
    ...definedOnly(numbers),
    host: values.host,
    clientId: values['client-id'],
    clientSecret: values['client-secret'],
    refreshToken: values['refresh-token'],
    tokenLifeSeconds: toNumber('token-life', values['token-life']),
    editsPerMinute: toNumber('edits-per-minute', values['edits-per-minute']),
    cacheBytes: cacheMb === undefined ? undefined : cacheMb * 1024 * 1024,
    prerender: values.prerender,
    quirks,
  });
  const simulator = await startSimulator(options);
  announce(simulator, values, card(simulator), introduction(simulator));
  return simulator;
}

function numberOptions(): Record<(typeof NUMBERS)[number], typeof TEXT> {
  return Object.fromEntries(NUMBERS.map((name) => [name, TEXT])) as Record<(typeof NUMBERS)[number], typeof TEXT>;
}

function toQuota(text: string): Quirks['quota'] {
  const parts = /^(\d+)\/(\d+)$/.exec(text);
  if (!parts) throw new Error(`--quota takes REQUESTS/SECONDS, such as 300/300, not "${text}".`);
  return { requests: Number(parts[1]), windowSeconds: Number(parts[2]), retryAfter: 'seconds' };
}

function card(simulator: Simulator): object {
  const { url, origin, port, credentials, store } = simulator;
  return { url, origin, port, ...credentials, counts: store.counts() };
}

function introduction({ url, origin, credentials, store }: Simulator): string {
  const counts = Object.entries(store.counts()).map(([entity, count]) => `${count} ${entity}`);
  return [
    `PracticePanther simulator with ${counts.join(', ')}`,
    `  PP_BASE_URL=${url}`,
    `  PP_CLIENT_ID=${credentials.clientId}`,
    `  PP_CLIENT_SECRET=${credentials.clientSecret}`,
    `  PP_REFRESH_TOKEN=${credentials.refreshToken}   (or leave it out: client credentials work too)`,
    `  Control: ${origin}/__simulator/state`,
    '',
  ].join('\n');
}
