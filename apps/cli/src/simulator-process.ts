import { EnvironmentError } from '@syncline/config';
import * as cliniko from '@syncline/connectors/cliniko/simulator';
import * as irelandPay from '@syncline/connectors/irelandpay/simulator';
import * as notion from '@syncline/connectors/notion/simulator';
import * as practicePanther from '@syncline/connectors/practicepanther/simulator';

const simulators = {
  practicepanther: practicePanther.runSimulator,
  cliniko: cliniko.runSimulator,
  notion: notion.runSimulator,
  irelandpay: irelandPay.runSimulator,
} as const;

/** The vendors that can be simulated, for the help. */
export const simulatedVendors = Object.keys(simulators).join(' or ');

/** `syncline simulator <vendor> …`: runs until it is told to stop, or until the process that started it is gone. */
export async function runSimulatorProcess(vendor: string, args: readonly string[]): Promise<void> {
  if (!Object.hasOwn(simulators, vendor)) {
    throw new EnvironmentError(`There is no simulator of ${vendor}; there is: ${simulatedVendors}`);
  }
  const simulator = await simulators[vendor as keyof typeof simulators](args);
  const stop = () => void simulator.close().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  const { url, credentials } = simulator;
  const more = 'databaseId' in simulator ? { databaseId: simulator.databaseId } : {};
  process.send?.({ type: 'ready', url, credentials, ...more });
}
