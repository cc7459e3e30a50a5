import type { Connector } from '@syncline/connector-kit';
import { cliniko } from './cliniko/connector.js';
import { irelandPay } from './irelandpay/connector.js';
import { notion } from './notion/connector.js';
import { practicePanther } from './practicepanther/connector.js';

/** Every vendor that Syncline knows. A new one is a folder, a migration and a line here. */
export const connectors: readonly Connector[] = [practicePanther, cliniko, notion, irelandPay];
