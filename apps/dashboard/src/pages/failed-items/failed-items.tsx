import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ItemFilter } from '../../api/failed-items.js';
import { Page } from '../../layout/page.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { Groups } from './groups.js';
import { ItemList } from './item-list.js';
import { ItemPanel } from './item-panel.js';

const kinds = ['record', 'entity_run', 'job', 'sweep'];
const statuses = ['open', 'pending', 'retrying', 'dead', 'resolved'];

/** What could not be synced: why, what is in it, and how to put it right. */
export function FailedItems() {
  const { item, ...search } = useSearch({ from: '/inside/failed-items' });
  const filter: ItemFilter = { ...search, status: search.status ?? 'open' };
  const navigate = useNavigate({ from: '/failed-items' });
  const choose = (chosen: ItemFilter & { readonly item?: string | undefined }) =>
    navigate({ search: (now) => ({ ...now, ...chosen }), replace: true });
  const isNarrowed = Object.values(search).some((value) => value !== undefined);
  return (
    <Page
      title="Failed items"
      about="Nothing here is lost: what can be tried again is, by itself, and the rest waits for you."
      actions={
        <>
          <Filter
            label="Status"
            value={search.status}
            choices={statuses}
            onChoose={(status) => choose({ status: status as ItemFilter['status'] })}
          />
          <Filter
            label="Kind"
            value={search.kind}
            choices={kinds}
            onChoose={(kind) => choose({ kind: kind as ItemFilter['kind'] })}
          />
          {isNarrowed && (
            <Button look="quiet" onClick={() => navigate({ search: {} })}>
              Show all
            </Button>
          )}
        </>
      }
    >
      <Groups filter={filter} onChoose={choose} />
      <Card>
        <ItemList filter={filter} onOpen={(id) => choose({ item: id })} />
      </Card>
      {item !== undefined && <ItemPanel key={item} id={item} onClose={() => choose({ item: undefined })} />}
    </Page>
  );
}
