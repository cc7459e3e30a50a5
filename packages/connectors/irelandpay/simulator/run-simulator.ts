import { parseArgs } from 'node:util';
import { announce, SWITCH, TEXT, toNumber, toQuota } from '../../simulation/command-line.js';
import { definedOnly } from '../../simulation/defined-only.js';
import type { SimulatorOptions } from './options.js';
import type { Quirks } from './quirks.js';
import type { Simulator } from './simulator.js';
import { startSimulator } from './start-simulator.js';

/** Shown by `--help`, and the reference of the command line. */
const USAGE = `Ireland Pay simulator

  --port N                  port to listen on (default 4004; 0 takes any)
  --host ADDRESS            address to listen on (default 127.0.0.1)
  --seed N                  same seed and day, same data (default 1)
  --merchants N             how many there are (default 40)
  --months N                months of history, the present one included (default 3)
  --transactions N          of all merchants together (default 10 for each day that a merchant is open)
  --edits-per-minute N      late batches and edits of merchants over time (default 0)
  --api-key TEXT            default simulated-key
  --quota REQUESTS/SECONDS  answer 429 above it (default 500/60); 0 for none
  --as-specified            to the letter of the vendor's specification: no null, whole numbers
  --json                    print one line of JSON instead of text
  --until-stdin-ends        close when standard input does, so that no parent leaves it behind
`;

/** Starts a simulator from a command line and prints where it is and how to get in. */
export async function runSimulator(argv: readonly string[]): Promise<Simulator> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...{ port: TEXT, host: TEXT, seed: TEXT, merchants: TEXT, months: TEXT, transactions: TEXT },
      ...{ 'edits-per-minute': TEXT, 'api-key': TEXT, quota: TEXT, 'as-specified': SWITCH },
      ...{ json: SWITCH, 'until-stdin-ends': SWITCH, help: SWITCH },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const number = (name: 'port' | 'seed' | 'merchants' | 'months' | 'transactions' | 'edits-per-minute') =>
    toNumber(name, values[name]);
  const quirks: Partial<Quirks> = definedOnly({
    quota: values.quota === undefined ? undefined : toQuota(values.quota, '500/60'),
    asSpecified: values['as-specified'],
  });
  const options: SimulatorOptions = definedOnly({
    port: number('port') ?? 4004,
    host: values.host,
    seed: number('seed'),
    merchants: number('merchants'),
    months: number('months'),
    transactions: number('transactions'),
    editsPerMinute: number('edits-per-minute'),
    apiKey: values['api-key'],
    quirks,
  });
  const simulator = await startSimulator(options);
  const { url, origin, port, credentials } = simulator;
  const { merchants, transactions } = simulator.state();
  const card = { url, origin, port, ...credentials, merchants, transactions };
  announce(simulator, values, card, introduction(simulator));
  return simulator;
}

function introduction({ url, origin, credentials, state }: Simulator): string {
  const { merchants, transactions } = state();
  return [
    `Ireland Pay simulator with ${merchants} merchants and ${transactions} transactions`,
    `  IRELANDPAY_CRM_BASE_URL=${url}`,
    `  IRELANDPAY_CRM_API_KEY=${credentials.apiKey}`,
    `  Control: ${origin}/__simulator/state`,
    '',
  ].join('\n');
}
