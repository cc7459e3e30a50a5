import { askEach, type ErrorCode, replacedIn, type VendorClient } from '@syncline/connector-kit';
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

/** Asks for emails one by one, because lists leave their HTML bodies out. Never throws; see `askEach`. */
export async function readBodies(client: VendorClient, ids: readonly string[]): Promise<ReadBodies> {
  let lossless = false;
  const { answers, stoppedBy } = await askEach(ids, async (id): Promise<EmailBody> => {
    const answer = await fetchFrom('emails')(client, id);
    lossless ||= answer.lossless;
    const { body_html = null } = answer.json as Record<string, unknown>;
    const replaced = replacedIn(answer.json).filter((path) => path === 'body_html');
    return { body_html: body_html ?? '', replaced };
  });
  const bodies = new Map<string, EmailBody>();
  for (const [id, answer] of answers) bodies.set(id, 'ok' in answer ? answer.ok : { body_html_error: answer.error });
  return { bodies, lossless, stoppedBy };
}
