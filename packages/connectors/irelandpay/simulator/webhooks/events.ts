import { showLineItem, showSummary } from '../api/residuals.js';
import type { StoreChange } from '../changes.js';
import { shownTime } from '../data/calendar.js';
import type { Report } from '../data/residuals.js';
import type { Quirks } from '../quirks.js';

/** What has happened, before it is addressed to a subscription. */
export interface Happening {
  readonly event: string;
  /** What the list in `data` is called that it stands in; undefined where `data` is the thing itself. */
  readonly list: string | undefined;
  readonly item: Readonly<Record<string, unknown>>;
  /** For the tally. */
  readonly about: string;
}

/** What the vendor calls a change. How chargebacks look its specification does not say. */
export function happeningOf(quirks: Quirks, change: StoreChange): Happening {
  switch (change.kind) {
    case 'published': {
      const { report } = change;
      const about = `${report.processor.id}/${report.month}`;
      return { event: 'residuals.report.published', list: 'reports', item: showPublished(quirks, change), about };
    }
    case 'line item': {
      const { item } = change;
      const about = String(item.id);
      return { event: 'residuals.lineitem.added', list: 'line_items', item: showLineItem(quirks, item), about };
    }
    case 'chargeback': {
      const { transactionId: id } = change;
      return { event: 'chargeback.added', list: 'chargebacks', item: { id }, about: String(id) };
    }
  }
}

export const testHappening: Happening = { event: 'subscription.test', list: undefined, item: {}, about: '' };

/** A kind that a receiver of residuals has no use for. */
export const strangeHappening: Happening = { event: 'lead.created', list: 'leads', item: { id: 7 }, about: '7' };

interface Published {
  readonly report: Report;
  readonly added: number;
  readonly removed: number;
}

function showPublished(quirks: Quirks, { report, added, removed }: Published) {
  const { month, processor, rows, createdMs, revision } = report;
  const summary = showSummary(quirks, report);
  return {
    id: processor.id * 100_000 + month,
    month: (month % 12) + 1,
    year: Math.floor(month / 12),
    sys_prin: 0,
    created: shownTime(createdMs),
    created_by: { id: 4, name: 'June West', userClass: 'Super Admin' },
    added_merchants_count: added,
    rows_count: rows.length,
    revision,
    deactivated_merchants_count: removed,
    processor_id: processor.id,
    processor_name: processor.name,
    sum_transactions: summary.sum_transactions,
    sum_volume: summary.sum_sales_amount,
    sum_net: summary.sum_net,
    sum_agent_net: summary.sum_agent_net,
  };
}
