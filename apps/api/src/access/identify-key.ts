import { secretCheck } from '@syncline/service';
import { type Db, findKeyById, findKeyByPrefix, noteKeyUse, type PersonSeen, type StoredKey } from '@syncline/store';
import type { Logger } from 'pino';
import { isSecretOf, looksLikeApiKey, readApiKey } from './api-key-text.js';
import type { Caller } from './caller.js';

/** Who somebody turned out to be. Which organization the request is about is another question. */
export type Identity = Pick<Caller, 'name' | 'role' | 'organizations' | 'limitedAs' | 'via' | 'expiresAt'> & {
  /** The API key that it comes from, itself or by a session, which somebody may revoke at any moment. */
  readonly apiKeyId?: string;
  /** Whoever a token was made for, itself or by a session; its organizations lack those that have shut them out. */
  readonly person?: PersonSeen;
  /** Organizations that their token names, and that have shut them out. */
  readonly shutOutOf?: readonly string[];
};

/** The keys that open something: the platform's, and those of the organizations. */
export interface Keys {
  /** Whose key a text is. `unknown`: it is no platform key and has not the form of an API key; `refused`: it opens nothing. */
  identify(text: string): Promise<Identity | 'unknown' | 'refused'>;
  /** The API key of that id, for whoever has proved by a session to have brought it. Undefined when it opens nothing any more. */
  find(id: string): Promise<Identity | undefined>;
}

export const platform = { role: 'platform', organizations: 'all', limitedAs: undefined } as const;

/** Both functions reject with whatever Postgres says when it is away. */
export function keyring({
  db,
  log,
  adminKey,
}: {
  readonly db: Db;
  readonly log: Logger;
  readonly adminKey: string;
}): Keys {
  const isAdminKey = secretCheck(adminKey);

  const noted = ({ id, noted: isNoted, name, role, organizationId, expiresAt }: StoredKey): Identity => {
    // Not waited for: nobody's request has to fail because it could not be noted.
    if (!isNoted)
      noteKeyUse(db, id).catch((error) =>
        log.warn({ event: 'key.use_unnoted', err: error, keyId: id }, 'use of a key not noted'),
      );
    const organizations = [organizationId];
    return {
      ...{ name: `API key ${name} (${id})`, role, organizations, limitedAs: `key:${id}` },
      ...{ via: 'key', expiresAt, apiKeyId: id },
    };
  };

  return {
    async identify(text) {
      if (isAdminKey(text)) return { ...platform, name: 'admin key', via: 'key', expiresAt: null };
      if (!looksLikeApiKey(text)) return 'unknown';
      const given = readApiKey(text);
      if (given === undefined) return 'refused';
      const stored = await findKeyByPrefix(db, given.prefix);
      if (!isSecretOf(stored, given.secretHash) || stored === undefined || !stored.live) return 'refused';
      return noted(stored);
    },
    async find(id) {
      const stored = await findKeyById(db, id);
      return stored?.live === true ? noted(stored) : undefined;
    },
  };
}
