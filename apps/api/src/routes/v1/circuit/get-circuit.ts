import { readCircuit } from '@syncline/engine';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { circuitAnswer, circuitParams, circuitSchema, connectionAt } from './circuit-answer.js';

/** How the circuit of a connection's vendor stands. */
export function getCircuit(app: App, ctx: ApiContext): void {
  app.get(
    '/api/v1/connections/:id/circuit',
    {
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
    async (request) => circuitAnswer(await readCircuit(ctx, await connectionAt(ctx, request.params.id))),
  );
}
