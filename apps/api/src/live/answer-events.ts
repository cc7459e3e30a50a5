import type { FastifyReply, FastifyRequest } from 'fastify';
import { type EventStream, openEventStream } from './event-stream.js';
import type { LiveProgress } from './live-progress.js';

/** Neither proxies nor browsers may keep events back, or change them. */
const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** What the options of every route have that answers with a stream. */
export function streamRoute({ longestMs }: Pick<LiveProgress, 'longestMs'>) {
  return {
    // It would follow something to its end, for nobody.
    exposeHeadRoute: false,
    // A stream is no answer that hangs. It ends by itself before that.
    handlerTimeout: longestMs + 60_000,
  };
}

/**
 * Answers with a stream of server-sent events: takes one of the caller's places, breaks silences, and ends after the
 * longest time that a stream may take, and when the caller's key is not good any more. `follow` begins to tell and returns
 * how to stop, which is called once, however the stream ends.
 *
 * Throws SyncError TOO_MANY_STREAMS.
 */
export function answerEvents(
  live: LiveProgress,
  request: Pick<FastifyRequest, 'caller'>,
  reply: FastifyReply,
  organizationId: string,
  follow: (events: EventStream) => () => void,
): FastifyReply {
  const giveBack = live.places.take(`${organizationId} ${request.caller?.name}`);
  let stop: () => void = () => undefined;
  const events = openEventStream(live.heartbeatMs, () => {
    clearTimeout(longest);
    clearInterval(looks);
    stop();
    giveBack();
  });
  const longest = setTimeout(() => events.end(), live.longestMs);
  // A key that was revoked or has expired should not go on reading. While Postgres is away nothing is read anyway.
  const looks = setInterval(() => {
    const still = request.caller?.isStillIn?.() ?? Promise.resolve(true);
    still.then(
      (isIn) => isIn || events.end(),
      () => undefined,
    );
  }, live.heartbeatMs);
  stop = follow(events);
  return reply.headers(headers).send(events.stream as never);
}
