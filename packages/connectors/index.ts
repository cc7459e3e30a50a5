export { cliniko } from './cliniko/connector.js';
export { irelandPay } from './irelandpay/connector.js';
export { notion } from './notion/connector.js';
export { practicePanther } from './practicepanther/connector.js';
export { connectors } from './registry.js';
