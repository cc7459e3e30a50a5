import { setCircuit } from '@syncline/engine';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { circuitAnswer, circuitParams, circuitSchema, connectionAt } from './circuit-answer.js';

/** Lets requests out again, whatever opened the circuit. */
export function postCircuitClose(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/connections/:id/circuit/close',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postCircuitClose',
        tags: ['connections'],
        summary: 'Send requests to the vendor again',
        description: 'Whatever opened it. Runs that rest because of it go on at once.',
        params: circuitParams,
        response: {
          200: { description: 'How it stands now', content: { 'application/json': { schema: circuitSchema } } },
          ...problemResponses('CONNECTION_NOT_FOUND', 'BUDGET_UNAVAILABLE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connection = await connectionAt(ctx, request.params.id);
      return circuitAnswer(await setCircuit(ctx, connection, 'closed', actorOf(request)));
    },
  );
}
