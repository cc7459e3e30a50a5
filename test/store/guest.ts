import { randomBytes } from 'node:crypto';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';

/** A role that may connect, and nothing else. */
export interface Guest {
  readonly role: string;
  readonly url: string;
  /** Takes away what it was given in this database, and the role. */
  drop(): Promise<void>;
}

export async function createGuest(bed: Pick<TestBed, 'db' | 'databaseUrl'>): Promise<Guest> {
  const id = randomBytes(6).toString('hex');
  const role = `guest_${id}`;
  await sql.raw(`create role ${role} login password '${id}'`).execute(bed.db);
  const url = Object.assign(new URL(bed.databaseUrl), { username: role, password: id }).href;
  return {
    role,
    url,
    drop: async () => {
      await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(bed.db);
    },
  };
}
