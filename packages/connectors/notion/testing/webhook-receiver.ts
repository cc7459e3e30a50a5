import { type Receiver, startReceiver, type Received as WithBody } from '../../simulation/testing/receiver.js';

/** An event as Notion sends it. */
interface Event extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly type: string;
  readonly attempt_number: number;
  readonly entity: { readonly id: string; readonly type: string };
  readonly data: Readonly<Record<string, unknown>>;
}

export type Received = WithBody<Event>;
export type WebhookReceiver = Receiver<Event>;

/** A server that keeps what it is sent and answers as it is told to; null for no answer at all. */
export async function startWebhookReceiver(answer?: (request: Received) => number | null): Promise<WebhookReceiver> {
  const receiver = await startReceiver(answer);
  return { ...receiver, url: `${receiver.url}/hooks` };
}
