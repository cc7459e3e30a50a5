import type { Alert } from '../api/types.js';

interface AlertWords {
  readonly name: string;
  /** What somebody does about it. */
  readonly advice: string;
  /** The tab of the connection where that is done; undefined: on the page of its webhooks. */
  readonly tab: string | undefined;
}

/** Each kind, as docs/alerts.md has it at length. */
export const alertWords: Readonly<Record<Alert['kind'], AlertWords>> = {
  failures: {
    name: 'Syncs fail',
    advice: 'Look at what the last ones failed with. It clears as the failures grow older than a day.',
    tab: 'syncs',
  },
  slow: {
    name: 'Syncs are slow',
    advice:
      "Look at what a running one waits for: the vendor's quota, the vendor, or a worker. More workers help with the last only.",
    tab: 'syncs',
  },
  stale: {
    name: 'Data are old',
    advice:
      'Another alert of this connection is the reason if there is one. Else see whether its schedules run, and whether a sync hangs.',
    tab: 'schedules',
  },
  needs_reauth: {
    name: 'Credentials refused',
    advice:
      'Set new credentials, or test those that are kept if the vendor takes them again. Nothing is synced until then, and the schedules rest.',
    tab: 'credentials',
  },
  webhook_silent: {
    name: 'Webhooks are silent',
    advice: 'Look at the subscription at the vendor: it may have ended, or lead elsewhere. Syncs go on by schedule.',
    tab: undefined,
  },
  differences: {
    name: 'Records differ',
    advice: 'Look at what the verification found, and have it repaired.',
    tab: 'verifications',
  },
  restored: {
    name: 'Postgres was restored',
    advice: 'Start a full sync of the entities that it names: only that finds what was deleted meanwhile.',
    tab: 'entities',
  },
};
