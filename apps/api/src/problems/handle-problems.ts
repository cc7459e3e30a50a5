import { SyncError } from '@syncline/connector-kit';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './send-problem.js';

/** Every error of every route, and every path that is not there, ends in the same shape. */
export function handleProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new SyncError('NOT_FOUND', 'There is nothing at this path, or not with this method')),
  );
}
