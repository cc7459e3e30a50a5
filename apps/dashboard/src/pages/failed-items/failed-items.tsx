import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ItemFilter } from '../../api/failed-items.js';
import { Page } from '../../layout/page.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Groups } from './groups.js';
import { ItemFilters } from './item-filters.js';
import { ItemList } from './item-list.js';
import { ItemPanel } from './item-panel.js';

/** What could not be synced: why, what is in it, and how to put it right. */
export function FailedItems() {
  const { item, ...search } = useSearch({ from: '/inside/failed-items' });
  const filter: ItemFilter = { ...search, status: search.status ?? 'open' };
  const navigate = useNavigate({ from: '/failed-items' });
  const choose = (chosen: ItemFilter) => navigate({ search: (now) => ({ ...now, ...chosen }), replace: true });
  /** The way back closes it: that is what somebody on a phone presses. */
  const open = (id: string | undefined) =>
    navigate({ search: (now) => ({ ...now, item: id }), replace: id === undefined });
  const isNarrowed = Object.values(search).some((value) => value !== undefined);
  return (
    <Page
      title="Failed items"
      about="Nothing here is lost: what can be tried again is, by itself, and the rest waits for you."
    >
      <div className="flex flex-wrap items-center gap-2">
        <ItemFilters filter={filter} onChoose={choose} />
        {search.field !== undefined && <Badge>in {search.field}</Badge>}
        {search.vendorId !== undefined && <Badge>record {search.vendorId}</Badge>}
        {isNarrowed && (
          <Button look="quiet" onClick={() => navigate({ search: {} })}>
            Show all
          </Button>
        )}
      </div>
      <Groups filter={filter} onChoose={choose} />
      <Card>
        {/* By the filter: what was chosen under another one is not chosen any more. */}
        <ItemList key={JSON.stringify(filter)} filter={filter} onOpen={open} />
      </Card>
      {item !== undefined && <ItemPanel key={item} id={item} onOpen={open} onClose={() => open(undefined)} />}
    </Page>
  );
}
