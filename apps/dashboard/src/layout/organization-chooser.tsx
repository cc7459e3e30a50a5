import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { chooseOrganization, useChosenOrganization } from '../api/organization.js';
import { organizationsQuery } from '../api/organizations.js';
import { useSession } from '../api/session.js';

/** For whoever may act for several organizations: for which one. For everybody else its name. */
export function OrganizationChooser() {
  const { organization, organizations } = useSession();
  const chosen = useChosenOrganization();
  const client = useQueryClient();
  const id = useId();
  const all = useQuery({ ...organizationsQuery, enabled: organizations === 'all' });
  const choices = organizations === 'all' ? (all.data ?? []) : organizations;
  const current = chosen ?? organization?.id ?? '';
  if (choices.length < 2) return organization && <p className="truncate text-sm text-ink-soft">{organization.name}</p>;
  return (
    <div>
      <label htmlFor={id} className="sr-only">
        Organization
      </label>
      <select
        id={id}
        value={current}
        onChange={(event) => {
          chooseOrganization(event.target.value);
          // Nothing of the one may be shown under the name of the other.
          client.removeQueries({
            predicate: ({ queryKey }) => queryKey[0] !== 'session' && queryKey[0] !== 'organizations',
          });
        }}
        className="min-h-9 w-full rounded-lg border border-line-strong bg-surface px-2 text-sm"
      >
        {current === '' && <option value="">Choose an organization</option>}
        {choices.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  );
}
