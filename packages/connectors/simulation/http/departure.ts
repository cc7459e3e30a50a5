import type { ServerResponse } from 'node:http';

/**
 * Tells when a client has gone. Most answers are sent before anyone asks, and a signal for every one of them would
 * cost more than the rest of the request: it is made when it is first needed.
 */
export class Departure {
  readonly #response: ServerResponse;
  #controller: AbortController | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Aborts when the connection closes, at once if it has closed already. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      const leave = (): void => controller.abort(new Error('The client has gone.'));
      if (this.happened) leave();
      else this.#response.once('close', leave);
      this.#controller = controller;
    }
    return this.#controller.signal;
  }

  /** Whether the client has gone. */
  get happened(): boolean {
    return this.#response.destroyed || this.#response.closed;
  }
}
