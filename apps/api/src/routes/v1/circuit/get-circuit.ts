import { readCircuit } from '@syncline/engine';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { circuitAnswer, circuitParams, circuitSchema, connectionAt } from './circuit-answer.js';

/** How the circuit of a connection's vendor stands. */
export function getCircuit(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/connections/:id/circuit',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getCircuit',
        tags: ['connections'],
        summary: 'Whether requests go out to the vendor',
        params: circuitParams,
        response: {
          200: { description: 'How it stands now', content: { 'application/json': { schema: circuitSchema } } },
          ...problemResponses('CONNECTION_NOT_FOUND', 'BUDGET_UNAVAILABLE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const connection = await connectionAt(tenantOf(api, request), request.params.id);
      return circuitAnswer(await readCircuit(api, connection));
    },
  );
}
