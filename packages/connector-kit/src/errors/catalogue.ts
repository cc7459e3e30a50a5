/**
 * Every way in which something can go wrong, once. Code elsewhere throws a `SyncError` with one of these codes and
 * decides by the entry, never by the message. docs/errors.md is checked against this table by a test.
 *
 * kind       transient: try again with backoff. permanent: trying again changes nothing.
 *            wait: not a failure; nothing to do before a known moment, and it costs no attempt.
 * takesDown  what a failure ends: the record, the entity run, the connection's work, or only the request at hand.
 * status     the HTTP status, where the API has to answer with it.
 */
export interface CatalogueEntry {
  readonly kind: 'transient' | 'permanent' | 'wait';
  readonly takesDown: 'record' | 'entity' | 'connection' | 'request';
  readonly status: number;
  readonly title: string;
  readonly hint: string;
}

export const catalogue = {
  UPSTREAM_UNREACHABLE: {
    kind: 'transient',
    takesDown: 'entity',
    status: 502,
    title: 'The vendor could not be reached',
    hint: "Check the network, the connection's base URL and the vendor's status page.",
  },
  UPSTREAM_TIMEOUT: {
    kind: 'transient',
    takesDown: 'entity',
    status: 504,
    title: 'The vendor did not answer in time',
    hint: 'The call is tried again. If it keeps happening, ask the vendor, or lower the page size.',
  },
  UPSTREAM_UNAVAILABLE: {
    kind: 'transient',
    takesDown: 'entity',
    status: 502,
    title: 'The vendor answered with a server error',
    hint: "The call is tried again. See the vendor's status page.",
  },
  UPSTREAM_RATE_LIMITED: {
    kind: 'wait',
    takesDown: 'request',
    status: 503,
    title: 'The vendor asks to slow down',
    hint: 'Work goes on by itself. If it is frequent, lower the budget: another program may use the same quota.',
  },
  UPSTREAM_BAD_BODY: {
    kind: 'transient',
    takesDown: 'entity',
    status: 502,
    title: 'The vendor answered with something that is not the expected JSON',
    hint: 'Often a proxy or a login page. If it persists, check the base URL.',
  },
  UPSTREAM_TOO_LARGE: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 502,
    title: "The vendor's answer is larger than allowed",
    hint: 'Lower the page size of the connection.',
  },
  UPSTREAM_SCHEMA: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 502,
    title: 'Nearly nothing that the vendor sent has the expected shape',
    hint: 'The run stopped before it filled the failed items. The vendor may have changed its API: look for a newer release.',
  },
  UPSTREAM_GONE: {
    kind: 'permanent',
    takesDown: 'record',
    status: 502,
    title: 'The vendor does not have the record',
    hint: 'Nothing if it was deleted there; else look at the id, and whether the user of the credentials may see it.',
  },
  UPSTREAM_REJECTED: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 502,
    title: 'The vendor refused the request',
    hint: "See the vendor's status and message in the details; permissions may be missing.",
  },
  UPSTREAM_BAD_WATERMARK: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 502,
    title: 'The vendor refused the timestamp of an incremental sync',
    hint: 'The entity is synced in full instead; nothing to do.',
  },
  UPSTREAM_AUTH: {
    kind: 'permanent',
    takesDown: 'connection',
    status: 502,
    title: 'The vendor does not accept the credentials',
    hint: 'Authorise the connection again, or correct its client id, secret and refresh token.',
  },
  EGRESS_REFUSED: {
    kind: 'permanent',
    takesDown: 'connection',
    status: 422,
    title: 'The address is not allowed',
    hint: 'Only public https addresses may be reached; list exceptions (host:port) in SYNCLINE_EGRESS_ALLOW.',
  },
  BUDGET_WAIT: {
    kind: 'wait',
    takesDown: 'request',
    status: 503,
    title: "The connection's request budget is used up for now",
    hint: 'Work goes on by itself as soon as the window allows.',
  },
  BUDGET_UNAVAILABLE: {
    kind: 'transient',
    takesDown: 'request',
    status: 503,
    title: 'Redis cannot be asked for a permit',
    hint: 'Vendors are not called without a budget. Check Redis.',
  },
  CIRCUIT_OPEN: {
    kind: 'wait',
    takesDown: 'request',
    status: 503,
    title: 'The vendor failed so often that it is left alone for a while',
    hint: 'One request tries it out when the time is over. Close the circuit by hand if you know that it is back.',
  },
  RECORD_INVALID: {
    kind: 'permanent',
    takesDown: 'record',
    status: 422,
    title: 'A record does not have the expected shape',
    hint: 'See field and payload of the failed item. Corrected at the vendor, it is taken in by the next sync.',
  },
  RECORD_UNSTORABLE: {
    kind: 'permanent',
    takesDown: 'record',
    status: 422,
    title: 'Postgres refused a record',
    hint: 'See the SQLSTATE and column of the failed item: a constraint or a trigger of the target table objects.',
  },
  TARGET_SCHEMA: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 409,
    title: 'Postgres refused nearly every record of a page',
    hint: 'A constraint, a trigger or a changed column of the target table objects: put that right, then retry.',
  },
  PAGE_CAP_REACHED: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 409,
    title: 'The run stopped at its page cap',
    hint: 'The next run goes on from there; after a selection, none does. Raise maxPages, or set it to 0 for no cap.',
  },
  FAILED_ITEMS_FULL: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 409,
    title: 'The entity has as many open failed items as it may have',
    hint: 'Repair or resolve some, then sync: the run goes on where it stopped. Or raise maxOpenFailedItems.',
  },
  CURSOR_CYCLE: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 502,
    title: 'The vendor led the paging in a circle',
    hint: 'The run ended as partial; its watermark did not move. Report it to the vendor.',
  },
  SWEEP_HELD: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 409,
    title: 'More records are missing at the vendor than is believable',
    hint: 'Look at the sample in the failed item. Retry it to mark them as deleted, or resolve it to keep them.',
  },
  DEPENDENCY_FAILED: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 409,
    title: 'An entity that this one depends on failed',
    hint: 'Repair or retry the entity named in the message; this one follows.',
  },
  JOB_STALE: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 409,
    title: 'Nobody could carry the sync on',
    hint: 'Its connector may be missing in this release. Retry the failed item, or start a new sync.',
  },
  JOB_UNREADABLE: {
    kind: 'permanent',
    takesDown: 'entity',
    status: 409,
    title: 'A queued job cannot be read by this release',
    hint: 'It was queued by another release of Syncline. Finish the update of all workers, then retry it.',
  },
  FENCED_OUT: {
    kind: 'permanent',
    takesDown: 'request',
    status: 409,
    title: 'Another worker has taken this entity run over',
    hint: 'Nothing to do: the late worker wrote nothing.',
  },
  CREDENTIALS_UNREADABLE: {
    kind: 'permanent',
    takesDown: 'connection',
    status: 500,
    title: 'Stored credentials cannot be decrypted',
    hint: 'SYNCLINE_ENCRYPTION_KEY is not the key they were stored with.',
  },
  CONNECTION_SETTINGS_INVALID: {
    kind: 'permanent',
    takesDown: 'connection',
    status: 422,
    title: "The connection's settings or credentials are not valid",
    hint: 'Correct the field named in the message.',
  },
  DATABASE_UNAVAILABLE: {
    kind: 'transient',
    takesDown: 'request',
    status: 503,
    title: 'Postgres cannot be reached',
    hint: 'Try again shortly; check DATABASE_URL and the server.',
  },
  QUEUE_UNAVAILABLE: {
    kind: 'transient',
    takesDown: 'request',
    status: 503,
    title: 'Redis cannot be reached',
    hint: 'Try again shortly; check REDIS_URL and the server.',
  },
  SYNC_ALREADY_RUNNING: {
    kind: 'permanent',
    takesDown: 'request',
    status: 409,
    title: 'A sync of this connection is already queued or running',
    hint: 'Follow the running job, whose id is in runningJobId.',
  },
  SYNC_NOT_RUNNING: {
    kind: 'permanent',
    takesDown: 'request',
    status: 409,
    title: 'The sync has already ended',
    hint: 'Nothing: there is nothing left to cancel.',
  },
  SYNC_UNHEALTHY: {
    kind: 'permanent',
    takesDown: 'request',
    status: 503,
    title: 'A check of the health of the syncs fails',
    hint: 'The detail names what fails; GET /api/sync/health shows all checks with their numbers.',
  },
  SYNC_STOPPED: {
    kind: 'permanent',
    takesDown: 'request',
    status: 409,
    title: 'All syncs are stopped',
    hint: 'Somebody pressed the emergency stop. Lift it with POST /api/sync/restart.',
  },
  ITEM_RESOLVED: {
    kind: 'permanent',
    takesDown: 'request',
    status: 409,
    title: 'The failed item is already resolved',
    hint: 'Nothing: the record is in its table. Start a sync to read it once more.',
  },
  CONNECTION_NOT_FOUND: {
    kind: 'permanent',
    takesDown: 'request',
    status: 404,
    title: 'There is no such connection',
    hint: 'Set PP_CLIENT_ID and PP_CLIENT_SECRET and start the API again, or name an existing connection.',
  },
  CONNECTION_AMBIGUOUS: {
    kind: 'permanent',
    takesDown: 'request',
    status: 400,
    title: 'There are several connections',
    hint: 'Name one as connectionId.',
  },
  CONNECTION_NOT_READY: {
    kind: 'permanent',
    takesDown: 'request',
    status: 409,
    title: 'The connection cannot sync in its present state',
    hint: 'A connection that needs re-authorisation or is paused has to be put right first.',
  },
  NOT_FOUND: {
    kind: 'permanent',
    takesDown: 'request',
    status: 404,
    title: 'Not found',
    hint: 'Check the path and the id.',
  },
  UNAUTHENTICATED: {
    kind: 'permanent',
    takesDown: 'request',
    status: 401,
    title: 'Not signed in',
    hint: 'Send the admin key: Authorization: Bearer <key>.',
  },
  FORBIDDEN: {
    kind: 'permanent',
    takesDown: 'request',
    status: 403,
    title: 'Not allowed',
    hint: 'The request came from another site, or the action is switched off.',
  },
  VALIDATION_FAILED: {
    kind: 'permanent',
    takesDown: 'request',
    status: 400,
    title: 'The request is not valid',
    hint: 'Correct the fields listed in errors.',
  },
  PAYLOAD_TOO_LARGE: {
    kind: 'permanent',
    takesDown: 'request',
    status: 413,
    title: 'The request body is too large',
    hint: 'Send less at once.',
  },
  INTERNAL: {
    kind: 'transient',
    takesDown: 'request',
    status: 500,
    title: 'Something unexpected went wrong',
    hint: 'The log has the details under the same request id.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;
