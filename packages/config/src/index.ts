export {
  type Environment,
  EnvironmentError,
  type InspectedEnvironment,
  inspectEnvironment,
  parseEnvironment,
} from './parse-environment.js';
export { withSecretFiles } from './secret-files.js';
export { supabaseHint } from './supabase-hint.js';
export { type Variable, variables } from './variables.js';
