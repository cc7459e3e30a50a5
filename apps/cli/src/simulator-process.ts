import { EnvironmentError } from '@syncline/config';
import { runSimulator } from '@syncline/connectors/practicepanther/simulator';

/** `syncline simulator <vendor> …`: runs until it is told to stop, or until the process that started it is gone. */
export async function runSimulatorProcess(vendor: string, args: readonly string[]): Promise<void> {
  if (vendor !== 'practicepanther')
    throw new EnvironmentError(`There is no simulator of ${vendor}; there is: practicepanther`);
  const simulator = await runSimulator(args);
  const stop = () => void simulator.close().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.send?.({ type: 'ready', url: simulator.url, credentials: simulator.credentials });
}
