import { parseEnvironment } from '@syncline/config';
import { connectors } from '@syncline/connectors';

const vendorVariables = Object.assign({}, ...connectors.map((connector) => connector.environment?.variables ?? {}));

/** The environment of a command that can do without services. Throws EnvironmentError. */
export function readEnvironment() {
  return parseEnvironment(process.env, vendorVariables);
}
