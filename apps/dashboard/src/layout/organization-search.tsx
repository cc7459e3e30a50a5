import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { organizationsQuery, useLookAt } from '../api/organizations.js';
import { useSession } from '../api/session.js';
import { Answer, More } from '../ui/answer.js';
import { Dialog } from '../ui/dialog.js';
import { Search } from '../ui/search.js';
import { Empty } from '../ui/states.js';

/** Chooses among organizations that are too many for a list: the server is asked for those that are called so. */
export function OrganizationSearch({ onClose }: { readonly onClose: () => void }) {
  const [search, setSearch] = useState('');
  const { organization } = useSession();
  const found = useInfiniteQuery(organizationsQuery(search));
  const lookAt = useLookAt();
  return (
    <Dialog title="Choose an organization" isOpen onClose={onClose}>
      <Search label="Search organizations" value={search} onSearch={setSearch} className="w-full" />
      <div className="mt-3">
        <Answer to={found}>
          {({ pages }) => {
            const all = pages.flatMap(({ data }) => data);
            if (all.length === 0) return <Empty title="No organization is called so" />;
            return (
              <ul className="flex flex-col gap-0.5">
                {all.map((one) => (
                  <li key={one.id}>
                    <button
                      type="button"
                      aria-current={one.id === organization?.id || undefined}
                      onClick={() => {
                        lookAt(one.id);
                        onClose();
                      }}
                      className="flex min-h-10 w-full items-center justify-between gap-3 rounded-lg px-3 text-left text-sm hover:bg-sunken aria-[current]:bg-accent-soft aria-[current]:font-medium"
                    >
                      <span className="truncate">{one.name}</span>
                      <span className="truncate text-xs text-ink-soft">{one.slug}</span>
                    </button>
                  </li>
                ))}
              </ul>
            );
          }}
        </Answer>
        <More of={found}>More organizations</More>
      </div>
    </Dialog>
  );
}
