import type { KeyRole } from '../schema.js';

/** Somebody whom an identity provider knows. Two providers may call different people the same. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
}

/** What a token says of them besides. */
export interface PersonSeen extends Person {
  /** Null where the token does not say. */
  readonly name: string | null;
  readonly email: string | null;
  readonly role: KeyRole;
}
