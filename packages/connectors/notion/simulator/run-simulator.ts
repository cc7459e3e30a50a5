import { parseArgs } from 'node:util';
import { announce, SWITCH, TEXT, toNumber, toQuota } from '../../simulation/command-line.js';
import { definedOnly } from '../../simulation/defined-only.js';
import type { SimulatorOptions } from './options.js';
import type { Quirks } from './quirks.js';
import type { Simulator } from './simulator.js';
import { startSimulator } from './start-simulator.js';

/** Shown by `--help`, and the reference of the command line. */
const USAGE = `Notion simulator

  --port N                  port to listen on (default 4003; 0 takes any)
  --host ADDRESS            address to listen on (default 127.0.0.1)
  --seed N                  same seed and hour, same data (default 1)
  --clients N               size of the database (default 26)
  --edits-per-minute N      edits, additions and pages put into the trash over time (default 0)
  --api-key TEXT            default ntn_simulated_key
  --quota REQUESTS/SECONDS  answer 429 above it (default 180/60); 0 for none
  --cap N                   records that one question gives at most (default 10000)
  --webhook-url URL         send events there; without a token, only after the handshake and
                            POST /__simulator/webhooks/verify
  --webhook-token TEXT      the token that the receiver has already
  --json                    print one line of JSON instead of text
  --until-stdin-ends        close when standard input does, so that no parent leaves it behind
`;

/** Starts a simulator from a command line and prints where it is and how to get in. */
export async function runSimulator(argv: readonly string[]): Promise<Simulator> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: TEXT,
      host: TEXT,
      seed: TEXT,
      clients: TEXT,
      'edits-per-minute': TEXT,
      'api-key': TEXT,
      quota: TEXT,
      cap: TEXT,
      'webhook-url': TEXT,
      'webhook-token': TEXT,
      json: SWITCH,
      'until-stdin-ends': SWITCH,
      help: SWITCH,
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const number = (name: 'port' | 'seed' | 'clients' | 'edits-per-minute' | 'cap') => toNumber(name, values[name]);
  const quirks: Partial<Quirks> = definedOnly({
    quota: values.quota === undefined ? undefined : toQuota(values.quota, '180/60'),
    cap: number('cap'),
  });
  const options: SimulatorOptions = definedOnly({
    port: number('port') ?? 4003,
    host: values.host,
    seed: number('seed'),
    clients: number('clients'),
    editsPerMinute: number('edits-per-minute'),
    apiKey: values['api-key'],
    quirks,
  });
  const simulator = await startSimulator(options);
  const webhook = await toWebhook(simulator, values['webhook-url'], values['webhook-token']);
  const { url, origin, port, credentials, databaseId, store } = simulator;
  const card = { url, origin, port, ...credentials, databaseId, clients: store.rows().length, ...webhook };
  announce(simulator, values, card, introduction(simulator, webhook));
  return simulator;
}

interface Webhook {
  readonly webhookToken: string;
  /** Of the handshake, where there was one; null when nobody answered. */
  readonly handshake?: number | null;
}

/** Like the operator who makes the subscription: with a token it is known from before, else it begins with a handshake. */
async function toWebhook(
  { webhooks }: Simulator,
  url: string | undefined,
  token: string | undefined,
): Promise<Webhook | undefined> {
  if (url === undefined && token !== undefined) throw new Error('--webhook-token goes with --webhook-url.');
  if (url === undefined) return undefined;
  if (token === undefined) {
    const { token: webhookToken, status } = await webhooks.subscribe({ url });
    return { webhookToken, handshake: status };
  }
  webhooks.attach({ url, token });
  return { webhookToken: token };
}

function introduction({ url, origin, credentials, databaseId, store }: Simulator, webhook?: Webhook): string {
  return [
    `Notion simulator with ${store.rows().length} clients`,
    `  NOTION_BASE_URL=${url}`,
    `  NOTION_API_KEY=${credentials.apiKey}`,
    `  NOTION_DATABASE_ID=${databaseId}`,
    ...(webhook ? [`  NOTION_WEBHOOK_SECRET=${webhook.webhookToken}`] : []),
    ...(webhook?.handshake === undefined
      ? []
      : [`  The receiver answered the handshake with ${webhook.handshake ?? 'nothing'}.`]),
    `  Control: ${origin}/__simulator/state`,
    '',
  ].join('\n');
}
