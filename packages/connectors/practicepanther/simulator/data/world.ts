import { type AccountSource, accountSource } from './accounts.js';
import { type ContactSource, contactSource } from './contacts.js';
import { customFieldSource } from './custom-field-definitions.js';
import { emailSource } from './emails.js';
import type { Sizes } from './entities.js';
import { eventSource } from './events.js';
import { type MatterSource, matterSource } from './matters.js';
import { Membership } from './membership.js';
import { noteSource } from './notes.js';
import type { Source } from './source.js';
import { taskSource } from './tasks.js';
import { timeEntrySource } from './time-entries.js';
import { type UserSource, userSource } from './users.js';

/** The whole base data of one firm: sources that make records on demand, and who belongs to whom. */
export interface World {
  readonly seed: number;
  readonly users: UserSource;
  readonly customfields: Source;
  readonly accounts: AccountSource;
  readonly contacts: ContactSource;
  readonly matters: MatterSource;
  readonly tasks: Source;
  readonly notes: Source;
  readonly emails: Source;
  readonly events: Source;
  readonly timeentries: Source;
  readonly members: Membership;
}

/** Makes the world of a seed. Nothing is rendered yet: a million records cost a few megabytes here. */
export function createWorld(seed: number, sizes: Sizes): World {
  const members = new Membership(seed, sizes.accounts, sizes.contacts);
  const users = userSource(seed, sizes.users);
  const accounts = accountSource(seed, sizes.accounts, users);
  const contacts = contactSource(seed, sizes.contacts, accounts, members);
  const matters = matterSource(seed, sizes.matters, { users, accounts, contacts });
  const parts = { users, accounts, contacts, matters };
  return {
    seed,
    ...parts,
    customfields: customFieldSource(seed),
    tasks: taskSource(seed, sizes.tasks, parts),
    notes: noteSource(seed, sizes.notes, parts),
    emails: emailSource(seed, sizes.emails, parts),
    events: eventSource(seed, sizes.events, parts),
    timeentries: timeEntrySource(seed, sizes.timeentries, parts),
    members,
  };
}
