import { type BaseOptions, type ResolvedBase, resolveBase } from '../../simulation/simulator-options.js';
import { BASE_FIELD_COUNT } from './data/custom-field-definitions.js';
import type { Sizes } from './data/entities.js';
import type { Credentials } from './oauth/token-book.js';
import { DEFAULT_QUIRKS, type Quirks, quirksChangeSchema } from './quirks.js';

/** How a simulator is to be started. The same seed and sizes make the same bytes on every machine and in any year. */
export interface SimulatorOptions extends BaseOptions<Quirks> {
  /** Default 1000; the other sizes follow from it. */
  contacts?: number;
  /**
   * Default about nine for ten contacts: most accounts are one person, companies have several contacts. More accounts
   * than contacts leave the last ones with a `primary_contact` of null.
   */
  accounts?: number;
  /** Default 0.65 for each contact. */
  matters?: number;
  /** Default 1.2 for each contact. */
  tasks?: number;
  /** Default 5 to 40, growing with the contacts. */
  users?: number;
  /** Default 0.3 for each contact, 300 at most. */
  notes?: number;
  /** Default 0.2 for each contact, 200 at most. */
  emails?: number;
  /** Default 0.2 for each contact, 200 at most. */
  events?: number;
  /** Default 0.3 for each contact, 300 at most. */
  timeentries?: number;
  /** Default `pp-demo-client`. */
  clientId?: string;
  /** Default `pp-demo-secret`. */
  clientSecret?: string;
  /** The first refresh token; it is spent by its first use. Default `pp-demo-refresh`. */
  refreshToken?: string;
  /** Default 86399, as the vendor's. */
  tokenLifeSeconds?: number;
  /** Short for the quirk of the same name. */
  expiredTokenStatus?: 400 | 401;
  /** How much rendered text is kept. Default 256 MiB; memory grows with use, not from the start. */
  cacheBytes?: number;
  /** Renders every record (as far as they fit into the cache) before the first request, for benchmarks. */
  prerender?: boolean;
}

/** Options with nothing left out. */
export interface ResolvedOptions extends ResolvedBase<Quirks> {
  sizes: Sizes;
  credentials: Credentials;
  tokenLifeSeconds: number;
  cacheBytes: number;
  prerender: boolean;
}

/** Fills in what was left out and refuses what cannot be. */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { expiredTokenStatus } = options;
  const quirks = { ...(expiredTokenStatus === undefined ? {} : { expiredTokenStatus }), ...options.quirks };
  return {
    ...resolveBase({ ...options, quirks }, DEFAULT_QUIRKS, quirksChangeSchema),
    sizes: resolveSizes(options),
    credentials: {
      clientId: options.clientId ?? 'pp-demo-client',
      clientSecret: options.clientSecret ?? 'pp-demo-secret',
      refreshToken: options.refreshToken ?? 'pp-demo-refresh',
    },
    tokenLifeSeconds: options.tokenLifeSeconds ?? 86399,
    cacheBytes: options.cacheBytes ?? 256 * 1024 * 1024,
    prerender: options.prerender ?? false,
  };
}

function resolveSizes(options: SimulatorOptions): Sizes {
  const contacts = options.contacts ?? 1000;
  const sizes: Sizes = {
    contacts,
    accounts: options.accounts ?? Math.ceil(contacts * 0.92),
    matters: options.matters ?? Math.round(contacts * 0.65),
    tasks: options.tasks ?? Math.round(contacts * 1.2),
    users: options.users ?? Math.min(40, 5 + Math.floor(contacts / 500)),
    customfields: BASE_FIELD_COUNT,
    // A firm has many more of these. Few are enough to show them, and a first sync stays quick.
    notes: options.notes ?? Math.min(300, Math.round(contacts * 0.3)),
    emails: options.emails ?? Math.min(200, Math.round(contacts * 0.2)),
    events: options.events ?? Math.min(200, Math.round(contacts * 0.2)),
    timeentries: options.timeentries ?? Math.min(300, Math.round(contacts * 0.3)),
  };
  for (const [entity, size] of Object.entries(sizes)) {
    // Slots are hidden in 32 bits of an id; ten million of an entity leave room for additions.
    if (!Number.isInteger(size) || size < 0 || size > 10_000_000)
      throw new Error(`Not a number of ${entity}: ${size}.`);
  }
  if (sizes.users === 0) throw new Error('A firm has at least one user: the one who gave access.');
  if (sizes.contacts > 0 && sizes.accounts === 0)
    throw new Error('Contacts live in accounts: give at least one account.');
  return sizes;
}
