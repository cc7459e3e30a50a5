export { cliniko } from './cliniko/connector.js';
export { practicePanther } from './practicepanther/connector.js';
export { connectors } from './registry.js';
