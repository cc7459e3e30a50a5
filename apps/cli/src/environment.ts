import { parseEnvironment, variables, withSecretFiles } from '@syncline/config';
import { connectors } from '@syncline/connectors';

const vendorVariables = Object.assign({}, ...connectors.map((connector) => connector.environment?.variables ?? {}));

/** The environment of a command that can do without services. Throws EnvironmentError. */
export function readEnvironment() {
  return parseEnvironment(process.env, vendorVariables);
}

/** The environment to hand on to processes: with the values of secrets that files hold. To be read after `readEnvironment`. */
export function environmentToHandOn(): Readonly<Record<string, string | undefined>> {
  return withSecretFiles(process.env, { ...variables, ...vendorVariables }).env;
}
