import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { WebhookDelivery } from '../../api/types.js';
import { type DeliveryOutcome, deliveriesQuery, deliveryOutcomes } from '../../api/webhooks.js';
import { duration } from '../../format/time.js';
import { Answer, More } from '../../ui/answer.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { Moment } from '../../ui/moment.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';

/** What became of it: a word, its colour, and what that means. */
const became: Readonly<Record<DeliveryOutcome, readonly [string, Tone, string]>> = {
  open: ['waiting', 'info', 'It is asked for as soon as the vendor’s quota allows'],
  written: ['written', 'good', 'The record was fetched, and is in its table'],
  deleted: ['marked as deleted', 'good', 'The vendor has it no more'],
  unknown: ['nothing to do', 'plain', 'The vendor does not have it, nor have we'],
  failed: ['failed', 'bad', 'The record could not be stored: a failed item has it'],
  sync: ['sync started', 'good', 'It told of more than one record'],
  expired: ['passed over', 'plain', 'It waited for too long; syncs have long brought it'],
};

const choices = deliveryOutcomes.map((outcome) => ({ value: outcome, label: became[outcome][0] }));

/** The latest deliveries, and what became of each; nothing of what they said. */
export function Deliveries({ connectionId }: { readonly connectionId: string }) {
  const { outcome } = useSearch({ from: '/inside/webhooks/$id' });
  const navigate = useNavigate({ from: '/webhooks/$id' });
  const deliveries = useInfiniteQuery(deliveriesQuery(connectionId, outcome));
  return (
    <Card
      title="Latest deliveries"
      actions={
        <Filter
          label="Became"
          value={outcome}
          choices={choices}
          onChoose={(chosen) => navigate({ search: { outcome: chosen as DeliveryOutcome | undefined }, replace: true })}
        />
      }
    >
      <Answer to={deliveries} rows={4}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0) {
            return outcome === undefined ? (
              <Empty title="Nothing has come in the last days">
                What the vendor tells of is listed here for a week. Syncs bring it without that as well.
              </Empty>
            ) : (
              <Empty title="None of these" />
            );
          }
          return (
            <Table
              label="Latest deliveries"
              columns={['Came', 'What happened', 'About', 'What became of it', { number: 'After' }]}
            >
              {all.map((delivery) => (
                <Delivery key={delivery.id} of={delivery} connectionId={connectionId} />
              ))}
            </Table>
          );
        }}
      </Answer>
      <More of={deliveries}>More deliveries</More>
    </Card>
  );
}

function Delivery({ of: delivery, connectionId }: { readonly of: WebhookDelivery; readonly connectionId: string }) {
  const { type, entity, vendorId, receivedAt, settledAt, status, outcome, attempts } = delivery;
  const [word, tone, why] = became[outcome ?? 'open'];
  return (
    <Row>
      <Cell label="Came">
        <Moment at={receivedAt} />
      </Cell>
      <Cell label="What happened">
        <code className="text-xs break-all">{type}</code>
      </Cell>
      <Cell label="About">
        <div>
          <span className="font-medium">{entity}</span>
          {vendorId && (
            <p className="max-w-44 truncate font-mono text-xs text-ink-soft" title={vendorId}>
              {vendorId}
            </p>
          )}
        </div>
      </Cell>
      <Cell label="What became of it">
        <div>
          <Badge tone={tone}>{status === 'in_hand' ? 'being fetched' : word}</Badge>
          <p className="mt-0.5 text-xs text-ink-soft">
            {why}
            {status !== 'done' && attempts > 0 && `; asked in vain ${attempts === 1 ? 'once' : `${attempts} times`}`}
          </p>
          {outcome === 'failed' && vendorId && (
            <Link to="/failed-items" search={{ connectionId, entity, vendorId }} className="text-xs underline">
              the failed item
            </Link>
          )}
          {outcome === 'sync' && (
            <Link to="/syncs" search={{ connectionId, trigger: 'webhook' }} className="text-xs underline">
              its syncs
            </Link>
          )}
        </div>
      </Cell>
      <Cell label="After" isNumber isMinor={settledAt === null}>
        {settledAt === null ? '–' : duration((Date.parse(settledAt) - Date.parse(receivedAt)) / 1_000)}
      </Cell>
    </Row>
  );
}
