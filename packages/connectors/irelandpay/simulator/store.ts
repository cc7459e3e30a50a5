import type { VendorClock } from '../../simulation/vendor-clock.js';
import type { StoreChange } from './changes.js';
import { type Day, dayAt, firstDay, type Month, monthAt } from './data/calendar.js';
import { type Batch, Ledger } from './data/ledger.js';
import { type Merchant, makeMerchant, PROCESSORS } from './data/merchants.js';
import { type LineItem, makeLineItem, makeReport, type Report, type ResidualRow } from './data/residuals.js';
import type { ResolvedOptions } from './options.js';

/** What is changed when a report is published again: so many rows of each. */
export interface Republication {
  readonly changes?: number | undefined;
  readonly removes?: number | undefined;
  readonly adds?: number | undefined;
}

/** The vendor's books: made from a seed where nobody has touched them, and with what tests have done to them. */
export class SimulatorStore {
  readonly merchants: Merchant[];
  readonly ledger: Ledger;
  readonly firstMonth: Month;
  readonly #options: Pick<ResolvedOptions, 'seed' | 'lineItems'>;
  readonly #clock: VendorClock;
  readonly #reports = new Map<string, Report>();
  readonly #lineItems = new Map<Month, LineItem[]>();
  /** What became of transactions since, by their ids. */
  readonly #rejected = new Map<number, string>();
  readonly #cards = new Map<number, string>();
  /** Batches that came late, by mid. */
  readonly #late = new Map<string, Batch[]>();
  #added = 0;
  #tell: (change: StoreChange) => void = () => undefined;

  constructor(options: ResolvedOptions, clock: VendorClock) {
    const today = dayAt(clock.nowMs());
    this.#options = options;
    this.#clock = clock;
    this.firstMonth = monthAt(today) - options.months + 1;
    const span = { from: firstDay(this.firstMonth), until: today };
    this.merchants = Array.from({ length: options.merchants }, (_, at) => makeMerchant(options.seed, at, span));
    this.ledger = new Ledger(options.seed, this.merchants, options.transactions);
  }

  /** Who is told what happens from now on. */
  onChange(listener: (change: StoreChange) => void): void {
    this.#tell = listener;
  }

  /** Merchants that the key's user may see. */
  visible(): Merchant[] {
    return this.merchants.filter(({ visible }) => visible);
  }

  merchant(mid: string): Merchant | undefined {
    return this.merchants.find((merchant) => merchant.mid === mid);
  }

  /** A merchant's batches between two days, both included. */
  batches(merchant: Merchant, from: Day, to: Day): Batch[] {
    const late = (this.#late.get(merchant.mid) ?? []).filter(({ day }) => day >= from && day <= to);
    return [...this.ledger.batches(merchant, from, to), ...late].map((batch) => ({
      ...batch,
      transactions: batch.transactions.map((one) => ({
        ...one,
        rejected: this.#rejected.get(one.id) ?? one.rejected,
        cardholder: this.#cards.get(one.id) ?? one.cardholder,
      })),
    }));
  }

  /** The days of a merchant's first and last batch; undefined for one that has none. */
  batchDays(merchant: Merchant): { readonly first: Day; readonly last: Day } | undefined {
    const late = (this.#late.get(merchant.mid) ?? []).map(({ day }) => day);
    const own = merchant.from < merchant.until ? [merchant.from, merchant.until - 1] : [];
    const days = [...own, ...late];
    return days.length === 0 ? undefined : { first: Math.min(...days), last: Math.max(...days) };
  }

  /** What a merchant has sold in a month: how many transactions there are, and their sum in cents. */
  volume(mid: string, month: Month): { readonly transactions: number; readonly cents: number } {
    const merchant = this.merchant(mid);
    let transactions = 0;
    let cents = 0;
    if (merchant === undefined) return { transactions, cents };
    for (const batch of this.batches(merchant, firstDay(month), firstDay(month + 1) - 1)) {
      transactions += batch.transactions.length;
      for (const one of batch.transactions) cents += one.cents;
    }
    return { transactions, cents };
  }

  /** Reports that are out: those of whole months. */
  reports(month: Month): Report[] {
    if (month < this.firstMonth || month >= monthAt(dayAt(this.#clock.nowMs()))) return [];
    return PROCESSORS.map((processor) => {
      const key = `${processor.id} ${month}`;
      const known = this.#reports.get(key);
      if (known !== undefined) return known;
      const report = makeReport(processor, month, this.merchants, (merchant) =>
        this.ledger.batches(merchant, firstDay(month), firstDay(month + 1) - 1),
      );
      this.#reports.set(key, report);
      return report;
    }).filter(({ createdMs }) => createdMs <= this.#clock.nowMs());
  }

  report(processorId: number, month: Month): Report | undefined {
    return this.reports(month).find(({ processor }) => processor.id === processorId);
  }

  /** Publishes a report again, with other rows; gives the merchants whose rows were changed, removed and added. */
  republish(processorId: number, month: Month, { changes = 1, removes = 1, adds = 0 }: Republication) {
    const report = this.report(processorId, month);
    if (report === undefined) throw new Error(`No report of ${processorId} in that month.`);
    const removed = report.rows.slice(0, removes);
    const changed = report.rows
      .slice(removes, removes + changes)
      .map((row) => ({ ...row, income: row.income + 12_345 }));
    const added = Array.from({ length: adds }, (): ResidualRow => {
      const merchant = this.addMerchant();
      return { merchant, name: merchant.name, transactions: 3, sales: 10_000, income: 290, expense: 90, agentNet: 80 };
    });
    report.rows = [...changed, ...report.rows.slice(removes + changes), ...added];
    report.revision += 1;
    report.modifiedMs = this.#clock.nowMs();
    this.#tell({ kind: 'published', report, added: added.length, removed: removed.length });
    const mids = (rows: readonly ResidualRow[]) => rows.map(({ merchant }) => merchant.mid);
    return { revision: report.revision, changed: mids(changed), removed: mids(removed), added: mids(added) };
  }

  lineItems(month: Month): LineItem[] {
    const known = this.#lineItems.get(month);
    if (known !== undefined) return known;
    const isOut = month >= this.firstMonth && month < monthAt(dayAt(this.#clock.nowMs()));
    const { seed, lineItems } = this.#options;
    const items = Array.from({ length: isOut && this.merchants.length > 0 ? lineItems : 0 }, (_, at) =>
      makeLineItem(seed, month, at, this.merchants[at % this.merchants.length] as Merchant),
    );
    if (isOut) this.#lineItems.set(month, items);
    return items;
  }

  /** Puts one more line item into a month; gives its number. */
  addLineItem(month: Month): number {
    const [merchant] = this.merchants;
    if (merchant === undefined) throw new Error('There are no merchants.');
    const items = this.lineItems(month);
    this.#added += 1;
    const item = {
      ...makeLineItem(this.#options.seed, month, 5_000 + this.#added, merchant),
      modifiedMs: this.#clock.nowMs(),
    };
    this.#lineItems.set(month, [...items, item]);
    this.#tell({ kind: 'line item', item });
    return item.id;
  }

  /** Takes a line item away. Nothing tells of it but that it is not there any more. */
  removeLineItem(month: Month, id: number): void {
    this.#lineItems.set(
      month,
      this.lineItems(month).filter((item) => item.id !== id),
    );
  }

  edit(mid: string, name?: string): void {
    const merchant = this.#known(mid);
    merchant.name = name ?? `${merchant.name} (edited)`;
    merchant.modifiedMs = this.#clock.nowMs();
  }

  close(mid: string): void {
    const merchant = this.#known(mid);
    merchant.closed = dayAt(this.#clock.nowMs());
    merchant.modifiedMs = this.#clock.nowMs();
  }

  /** Shows a merchant to the key's user, or does not any more. Its time of change stays as it was. */
  show(mid: string, visible: boolean): void {
    this.#known(mid).visible = visible;
  }

  /** One more merchant, without batches. */
  addMerchant(): Merchant {
    const today = dayAt(this.#clock.nowMs());
    const made = makeMerchant(this.#options.seed, this.merchants.length, { from: today, until: today });
    const merchant = { ...made, createdMs: this.#clock.nowMs(), modifiedMs: this.#clock.nowMs() };
    this.merchants.push(merchant);
    return merchant;
  }

  /** Gives so many merchants one and the same time of change. */
  shareTime(count: number, at: Date): string[] {
    const some = this.visible().slice(0, count);
    for (const merchant of some) merchant.modifiedMs = at.getTime();
    return some.map(({ mid }) => mid);
  }

  /** Changes what is sent of a merchant into whatever is given. */
  poison(mid: string, fields: Readonly<Record<string, unknown>>): void {
    this.#known(mid).poison = fields;
  }

  /** A transaction is rejected, or charged back, some time after it was made; the flag tells of it, and an event of chargebacks. */
  reject(id: number, why = 'CHARGEBACK'): void {
    this.#rejected.set(id, why);
    if (why === 'CHARGEBACK') this.#tell({ kind: 'chargeback', transactionId: id });
  }

  /** Makes the vendor hand out another text where the masked number of a card should be. */
  showCard(id: number, cardholder: string): void {
    this.#cards.set(id, cardholder);
  }

  /** One more batch of one transaction, of any day; gives the transaction's id. */
  addBatch(mid: string, day: Day, cents: number): number {
    this.#added += 1;
    const id = 700_000_000 + this.#added;
    const transaction = {
      ...{ id, day, type: 'SALE', cents, cardholder: '4111********1111', authCode: '000001' },
      ...{ posEntryMode: 'CHIP', invoiceNumber: '1', rejected: null },
    };
    const batch = { day, reference: `L${id}`, terminal: '0009', transactions: [transaction] };
    this.#late.set(mid, [...(this.#late.get(mid) ?? []), batch]);
    const merchant = this.#known(mid);
    merchant.modifiedMs = this.#clock.nowMs();
    return id;
  }

  #known(mid: string): Merchant {
    const merchant = this.merchant(mid);
    if (merchant === undefined) throw new Error(`No merchant ${mid}.`);
    return merchant;
  }
}
