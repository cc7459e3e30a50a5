import { randomBytes } from 'node:crypto';

/** A simulated Notion that changes by itself and tells the API of it. */
export class DemoNotion {
  /** What its webhooks are signed with (NOTION_WEBHOOK_SECRET). */
  readonly webhookSecret = `secret_${randomBytes(32).toString('base64url')}`;
  readonly #control: string;

  /** `url` is the base of its API. */
  constructor(url: string) {
    this.#control = new URL('/__simulator/', url).href;
  }

  /** From now on every change of a client is told to the API at that address. */
  async sendWebhooks(apiUrl: string): Promise<void> {
    const url = `${apiUrl}/api/webhooks/notion`;
    await this.#ask('webhooks/attach', { method: 'POST', body: JSON.stringify({ url, token: this.webhookSecret }) });
  }

  /** A client to try things with, and where it is changed. */
  async someClient(): Promise<{ readonly pageId: string; readonly url: string }> {
    const { ids } = (await this.#ask('pages')) as { readonly ids: readonly string[] };
    const [pageId = ''] = ids;
    return { pageId, url: `${this.#control}pages/${pageId}` };
  }

  async #ask(path: string, init?: RequestInit): Promise<unknown> {
    const response = await fetch(`${this.#control}${path}`, init);
    if (!response.ok) throw new Error(`the simulated Notion answered ${response.status} for ${path}`);
    return response.json();
  }
}
