import { connectors } from '@syncline/connectors';
import { runService } from '@syncline/service';
import { startWorker } from './start-worker.js';

runService({
  name: 'worker',
  required: ['DATABASE_URL', 'REDIS_URL', 'SYNCLINE_ENCRYPTION_KEY'],
  connectors,
  start: (environment, bootId, log) => startWorker(environment, connectors, bootId, log),
});
