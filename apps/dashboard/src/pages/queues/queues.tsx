import { useSearch } from '@tanstack/react-router';
import { useMay } from '../../api/session.js';
import { Page } from '../../layout/page.js';
import { Card } from '../../ui/card.js';
import { Empty } from '../../ui/states.js';

/** Bull Board, in the same session. */
export function Queues() {
  const { queue } = useSearch({ from: '/inside/queues' });
  if (!useMay('platform')) {
    return (
      <Page title="Queues">
        <Card>
          <Empty title="Queues are for the platform">They hold the jobs of all organizations.</Empty>
        </Card>
      </Page>
    );
  }
  const place = queue === undefined ? '/admin/queues' : `/admin/queues/queue/${encodeURIComponent(queue)}`;
  return (
    <Page title="Queues" about="The jobs in Redis, as BullMQ has them. What there is to do stands in Postgres.">
      <iframe
        title="Bull Board"
        src={place}
        className="h-[calc(100dvh-9rem)] w-full rounded-xl border border-line bg-white"
      />
    </Page>
  );
}
