import { parseArgs } from 'node:util';
import { announce, SWITCH, TEXT, toNumber, toQuota } from '../../simulation/command-line.js';
import { definedOnly } from '../../simulation/defined-only.js';
import type { SimulatorOptions } from './options.js';
import type { Quirks } from './quirks.js';
import type { Simulator } from './simulator.js';
import { startSimulator } from './start-simulator.js';

/** Shown by `--help`, and the reference of the command line. */
const USAGE = `Cliniko simulator

  --port N                  port to listen on (default 4002; 0 takes any)
  --host ADDRESS            address to listen on (default 127.0.0.1)
  --seed N                  same seed and hour, same data (default 1)
  --patients N              size of the clinic (default 300); most other sizes follow from it
  --appointments N          default three for each patient
  --edits-per-minute N      edits, additions and archivals over time (default 0)
  --api-key TEXT            default simulated-key-au4
  --quota REQUESTS/SECONDS  answer 429 above it (default 200/60); 0 for none
  --cancelled-shown         lists have cancelled appointments without being asked
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
      patients: TEXT,
      appointments: TEXT,
      'edits-per-minute': TEXT,
      'api-key': TEXT,
      quota: TEXT,
      'cancelled-shown': SWITCH,
      json: SWITCH,
      'until-stdin-ends': SWITCH,
      help: SWITCH,
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const number = (name: 'port' | 'seed' | 'patients' | 'appointments' | 'edits-per-minute') =>
    toNumber(name, values[name]);
  const quirks: Partial<Quirks> = definedOnly({
    quota: values.quota === undefined ? undefined : toQuota(values.quota, '200/60'),
    cancelledHidden: values['cancelled-shown'] ? false : undefined,
  });
  const options: SimulatorOptions = definedOnly({
    port: number('port') ?? 4002,
    host: values.host,
    seed: number('seed'),
    patients: number('patients'),
    appointments: number('appointments'),
    editsPerMinute: number('edits-per-minute'),
    apiKey: values['api-key'],
    quirks,
  });
  const simulator = await startSimulator(options);
  const { url, origin, port, credentials, store } = simulator;
  const card = { url, origin, port, ...credentials, counts: store.counts() };
  announce(simulator, values, card, introduction(simulator));
  return simulator;
}

function introduction({ url, origin, credentials, store }: Simulator): string {
  const counts = Object.entries(store.counts()).map(([entity, count]) => `${count} ${entity}`);
  return [
    `Cliniko simulator with ${counts.join(', ')}`,
    `  CLINIKO_BASE_URL=${url}`,
    `  CLINIKO_API_KEY=${credentials.apiKey}`,
    `  CLINIKO_CONTACT_EMAIL=${credentials.contactEmail}`,
    `  Control: ${origin}/__simulator/state`,
    '',
  ].join('\n');
}
