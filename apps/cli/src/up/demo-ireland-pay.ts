/** What the demo has itself told of. */
const events = ['residuals.report.published', 'residuals.lineitem.added', 'chargeback.added', 'subscription.test'];

/** A connection as the API tells of it. */
interface Told {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
  readonly fromEnvironment: boolean;
}

/** A simulated Ireland Pay that tells the API what happens. */
export class DemoIrelandPay {
  readonly #url: string;
  readonly #apiKey: string;

  /** `url` is the base of its API. */
  constructor(url: string, apiKey: string) {
    this.#url = url;
    this.#apiKey = apiKey;
  }

  /** What an operator does: has our API at that address make a path for the connection meant, and subscribes with it. */
  async subscribe(apiUrl: string, adminKey: string, isMeant: (one: Told) => boolean): Promise<void> {
    const asAdmin = { authorization: `Bearer ${adminKey}` };
    const { data } = await ask<{ data: Told[] }>(`${apiUrl}/api/v1/connections`, { headers: asAdmin });
    const connection = data.find((one) => one.connector === 'irelandpay' && isMeant(one));
    if (connection === undefined) return;
    const { secretPath } = await ask<{ secretPath: string }>(`${apiUrl}/api/v1/connections/${connection.id}/webhook`, {
      method: 'POST',
      headers: asAdmin,
    });
    await ask(`${this.#url}subscriptions`, {
      method: 'POST',
      headers: { 'x-api-key': this.#apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${apiUrl}${secretPath}`, events }),
    });
  }
}

async function ask<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return (await response.json()) as Answer;
}
