import { connectors } from '@syncline/connectors';
import { connectorAnswer } from '../src/routes/v1/connectors/connector-answer.js';

/** All connectors, as the API tells of them; no services are needed for it. */
export const toldConnectors = connectors.map(connectorAnswer);
