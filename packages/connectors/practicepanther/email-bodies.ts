import { type ErrorCode, isSyncError, replacedIn, type SyncError, type VendorClient } from '@syncline/connector-kit';
import { fetchFrom } from './fetch-one.js';

/** What a record of the list is given while reading; never part of `pp_data`. */
export interface EmailBody {
  readonly body_html?: unknown;
  /** Why there is no body: the code of the error. */
  readonly body_html_error?: ErrorCode;
  /** The fields in which text was replaced, because Postgres could not hold it. */
  readonly replaced?: readonly string[];
}

export interface ReadBodies {
  /** By the emails' ids. Emails that were not reached are missing. */
  readonly bodies: ReadonlyMap<string, EmailBody>;
  readonly lossless: boolean;
  /** Why not all were reached; undefined when all were. */
  readonly stoppedBy: unknown;
}

interface Stumble {
  readonly id: string;
  readonly error: SyncError;
  readonly moment: number;
}

/** Few enough for the vendor to hardly notice, and enough to hide how long it takes to answer. */
const atOnce = 4;

/** The vendor's word about one email. */
const refusals: readonly ErrorCode[] = ['UPSTREAM_REJECTED', 'UPSTREAM_GONE', 'UPSTREAM_TOO_LARGE'];

/** May be about one email, or about the vendor as a whole. */
const stumbles: readonly ErrorCode[] = [
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_BODY',
];

/**
 * Asks for emails one by one, a few at once, because lists leave their HTML bodies out.
 *
 * Never throws. An email that the vendor refuses to hand over has the reason instead of a body. So has one at which the
 * vendor stumbles twice, if another one that was asked for after that came well: then it is the email's fault, which must
 * not hold up all the others for ever. Everything else ends the reading: the budget is used up, the vendor is not well.
 */
export async function readBodies(client: VendorClient, ids: readonly string[]): Promise<ReadBodies> {
  const bodies = new Map<string, EmailBody>();
  let lossless = false;
  let stoppedBy: unknown;
  // Moments by counting: what was asked for, and what stumbled, in which order.
  let moment = 0;
  let lastWell = 0;

  const ask = async (id: string): Promise<Stumble | undefined> => {
    const asked = ++moment;
    try {
      const answer = await fetchFrom('emails')(client, id);
      lastWell = Math.max(lastWell, asked);
      lossless ||= answer.lossless;
      const { body_html = null } = answer.json as Record<string, unknown>;
      const replaced = replacedIn(answer.json).filter((path) => path === 'body_html');
      bodies.set(id, { body_html: body_html ?? '', replaced });
    } catch (error) {
      if (isSyncError(error, ...stumbles)) return { id, error, moment: ++moment };
      if (isSyncError(error, ...refusals)) bodies.set(id, { body_html_error: error.code });
      else stoppedBy ??= error;
    }
    return undefined;
  };
  const askAll = async (waiting: string[]): Promise<Stumble[]> => {
    const stumbled: Stumble[] = [];
    const work = async () => {
      while (stoppedBy === undefined) {
        const id = waiting.shift();
        if (id === undefined) return;
        const stumble = await ask(id);
        if (stumble !== undefined) stumbled.push(stumble);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return stumbled;
  };

  const first = await askAll([...ids]);
  const again = await askAll(first.map(({ id }) => id));
  for (const { id, error } of again) {
    const since = first.find((stumble) => stumble.id === id)?.moment ?? moment;
    if (lastWell > since) bodies.set(id, { body_html_error: error.code });
    else stoppedBy ??= error;
  }
  return { bodies, lossless, stoppedBy };
}
