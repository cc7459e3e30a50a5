import { setCircuit } from '@syncline/engine';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { circuitAnswer, circuitParams, circuitSchema, connectionAt } from './circuit-answer.js';

/** Keeps requests from a vendor until somebody closes the circuit again. */
export function postCircuitOpen(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/connections/:id/circuit/open',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postCircuitOpen',
        tags: ['connections'],
        summary: 'Send no more requests to the vendor',
        description:
          'Holds for the whole fleet, and for every connection with the same credential, until it is closed by hand.',
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
      return circuitAnswer(await setCircuit(ctx, connection, 'open', actorOf(request)));
    },
  );
}
