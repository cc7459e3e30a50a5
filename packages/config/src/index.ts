export { type Environment, EnvironmentError, parseEnvironment } from './parse-environment.js';
export { type Variable, variables } from './variables.js';
