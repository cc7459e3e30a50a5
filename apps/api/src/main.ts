import { connectors } from '@syncline/connectors';
import { runService } from '@syncline/service';
import { startApi } from './start-api.js';

runService({
  name: 'api',
  required: ['DATABASE_URL', 'REDIS_URL', 'SYNCLINE_ADMIN_KEY', 'SYNCLINE_ENCRYPTION_KEY'],
  connectors,
  start: (environment, bootId, log) => startApi(environment, connectors, bootId, log),
});
