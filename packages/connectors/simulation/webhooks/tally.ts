import { isAccepted } from './letter.js';

/** What a request was: the event, another copy of it, an extra one of the vendor's, or somebody else's. */
export type DeliveryKind = 'event' | 'copy' | 'unknown type' | 'other source' | 'forged';

/** One request, or one event that was not sent at all. */
export interface DeliveryReport {
  readonly subscriptionId: string;
  readonly eventId: string;
  readonly type: string;
  readonly entityId: string;
  readonly kind: DeliveryKind;
  readonly attempt: number;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly isDropped: boolean;
}

interface Answers {
  /** Requests that were answered, or not, by now. */
  sent: number;
  accepted: number;
  /** By status. */
  refused: Record<string, number>;
  /** No answer in time, or no connection. */
  unanswered: number;
}

/** So many requests are remembered one by one. */
const MOST = 10_000;
const none = (): Answers => ({ sent: 0, accepted: 0, refused: {}, unanswered: 0 });

/** Counts what becomes of events. Every change is, in the end, delivered, given up or dropped. */
export class Tally {
  readonly deliveries: DeliveryReport[] = [];
  /** Changes of the store that somebody had to be told of. */
  events = 0;
  delivered = 0;
  givenUp = 0;
  dropped = 0;
  heldBack = 0;
  /** Genuine requests, copies and extra events among them; and forged ones. */
  readonly genuine = none();
  readonly forged = none();
  readonly #extra: Record<DeliveryKind, number> = {
    ...{ event: 0, copy: 0, forged: 0 },
    ...{ 'unknown type': 0, 'other source': 0 },
  };

  note(report: DeliveryReport): void {
    this.deliveries.push(report);
    if (this.deliveries.length > MOST) this.deliveries.shift();
    if (report.isDropped) {
      this.dropped += 1;
      return;
    }
    if (report.attempt === 1) this.#extra[report.kind] += 1;
    const answers = report.kind === 'forged' ? this.forged : this.genuine;
    answers.sent += 1;
    if (isAccepted(report.status)) answers.accepted += 1;
    else if (report.status === null) answers.unanswered += 1;
    else answers.refused[report.status] = (answers.refused[report.status] ?? 0) + 1;
    if (report.kind === 'event' && isAccepted(report.status)) this.delivered += 1;
  }

  report() {
    const { events, delivered, givenUp, dropped, heldBack, genuine, forged } = this;
    return {
      ...{ events, delivered, givenUp, dropped, heldBack },
      copies: this.#extra.copy,
      unknownTypes: this.#extra['unknown type'],
      otherSources: this.#extra['other source'],
      genuine: { ...genuine, refused: { ...genuine.refused } },
      forged: { ...forged, refused: { ...forged.refused } },
    };
  }
}
