import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronsUpDown } from 'lucide-react';
import { useId, useState } from 'react';
import { useChosenOrganization } from '../api/organization.js';
import { organizationsQuery, useLookAt } from '../api/organizations.js';
import { useSession } from '../api/session.js';
import { OrganizationSearch } from './organization-search.js';

/** For whoever may act for several organizations: for which one. For everybody else its name. */
export function OrganizationChooser() {
  const { organization, organizations } = useSession();
  const chosen = useChosenOrganization();
  const lookAt = useLookAt();
  const [isSearching, setSearching] = useState(false);
  const id = useId();
  const all = useInfiniteQuery({ ...organizationsQuery(''), enabled: organizations === 'all' });
  const [first] = all.data?.pages ?? [];
  const choices = organizations === 'all' ? (first?.data ?? []) : organizations;
  const isLong = organizations === 'all' && (first?.pagination.totalPages ?? 1) > 1;
  if (choices.length < 2) return organization && <p className="truncate text-sm text-ink-soft">{organization.name}</p>;
  const look =
    'flex min-h-9 w-full items-center justify-between gap-2 rounded-lg border border-line-strong bg-surface px-2 text-sm';
  if (isLong) {
    return (
      <>
        <button type="button" className={look} onClick={() => setSearching(true)}>
          <span className="sr-only">Organization: </span>
          <span className="truncate">{organization?.name ?? 'Choose an organization'}</span>
          <ChevronsUpDown size={15} aria-hidden="true" className="shrink-0 text-ink-soft" />
        </button>
        {isSearching && <OrganizationSearch onClose={() => setSearching(false)} />}
      </>
    );
  }
  const current = chosen ?? organization?.id ?? '';
  return (
    <div>
      <label htmlFor={id} className="sr-only">
        Organization
      </label>
      <select id={id} value={current} onChange={({ target }) => lookAt(target.value)} className={look}>
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
