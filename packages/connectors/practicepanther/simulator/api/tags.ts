import { json, type Reply } from '../../../simulation/http/reply.js';
import { DATA_STARTS } from '../data/timeline.js';
import { formatVendorTime } from '../data/timestamps.js';
import { ACCOUNT_TAGS, MATTER_TAGS, TASK_TAGS } from '../data/words.js';

const TAGS: Readonly<Record<string, readonly string[]>> = {
  account: ACCOUNT_TAGS,
  matter: MATTER_TAGS,
  activity: TASK_TAGS,
};

/** Answers the tags of one kind; undefined where there is no such kind. */
export function listTags(kind: string | undefined): Reply | undefined {
  const tags = kind !== undefined && Object.hasOwn(TAGS, kind) ? TAGS[kind] : undefined;
  return tags && json(tags.map((name) => ({ created_at: formatVendorTime(DATA_STARTS), name })));
}
