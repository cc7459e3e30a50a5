import { errorCodes, type FastifyReply, type FastifyRequest } from 'fastify';

/**
 * The hook that bounds how long an answer may take where a request has a body. Fastify's `handlerTimeout` does so for all
 * others; but it takes the end of the body for the end of the request, and stops its clock there
 * (https://github.com/fastify/fastify/pull/6725), so that a Postgres that hangs would hold such a request for ever.
 */
export async function limitHandlers(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { handlerTimeout = 0, url } = request.routeOptions;
  if (handlerTimeout === 0 || !request.raw.readableEnded) return;
  const timer = setTimeout(() => {
    if (!reply.sent) reply.send(new errorCodes.FST_ERR_HANDLER_TIMEOUT(String(handlerTimeout), url ?? ''));
  }, handlerTimeout);
  reply.raw.once('close', () => clearTimeout(timer));
}
