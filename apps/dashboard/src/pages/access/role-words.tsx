import { wordsForRole } from '../../format/roles.js';

/** A role, and what it may. */
export function RoleWords({ role }: { readonly role: string }) {
  return (
    <div>
      {role}
      <p className="text-xs text-ink-soft">{wordsForRole(role)}</p>
    </div>
  );
}
