import type { Departure } from '../http/departure.js';
import type { Reply } from '../http/reply.js';

/** A control request whose path has matched. */
interface ControlRequest<Simulator> {
  simulator: Simulator;
  /** What stood in the places of the path's pattern. */
  params: readonly string[];
  query: URLSearchParams;
  /** The JSON of the body; undefined where there was none. */
  body: unknown;
  /** For answers that wait: tells when nobody waits for them any more. */
  departure: Departure;
}

/** One thing that can be asked of `/__simulator/`. */
export interface ControlRoute<Simulator> {
  method: string;
  /** Matches the path below `/__simulator/`. */
  pattern: RegExp;
  handle(request: ControlRequest<Simulator>): Reply | Promise<Reply>;
}
