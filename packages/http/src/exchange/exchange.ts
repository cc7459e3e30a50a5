import { SyncError } from '@syncline/connector-kit';
import type { Dispatcher } from 'undici';
import { type Call, describe } from '../call.js';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As they came: not decompressed. */
  readonly bytes: Buffer;
}

/**
 * One request and its whole answer, on undici's lowest interface: no stream in between, and the promise is our own, so
 * that it ends at the deadline whatever state undici has the request in (a queued one has no signal to listen to).
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<RawAnswer>;
  readonly #call: Call;
  readonly #maxBytes: number;
  readonly #endsAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #resolve: (answer: RawAnswer) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #controller: Dispatcher.DispatchController | undefined;
  #size = 0;
  #status = 0;
  #headers: Record<string, string> = {};
  #over = false;

  constructor(call: Call, maxBytes: number) {
    this.#call = call;
    this.#maxBytes = maxBytes;
    this.#endsAt = performance.now() + call.deadlineMs;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(this.#onDeadline, call.deadlineMs);
    call.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The last moment before the bytes are written. A process that was stopped for longer than the deadline may come by
    // here before its timer does; by now the permit is no longer held, so the request must not leave.
    if (!this.#over && performance.now() >= this.#endsAt) this.#onDeadline();
    else if (this.#over) controller.abort(new Error('given up while queued'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.#headers[name] = typeof value === 'string' ? value : value.join(', ');
    }
    if (Number(this.#headers['content-length']) > this.#maxBytes) this.#onTooLarge();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) this.#onTooLarge();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#end()) return;
    this.#resolve({ status: this.#status, headers: this.#headers, bytes: Buffer.concat(this.#chunks, this.#size) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#end()) this.#reject(error);
  }

  readonly #onDeadline = (): void =>
    this.#giveUp(
      new SyncError('UPSTREAM_TIMEOUT', undefined, {
        details: { ...describe(this.#call), deadlineMs: this.#call.deadlineMs },
      }),
    );

  readonly #onAbort = (): void => this.#giveUp(this.#call.signal?.reason);

  #onTooLarge(): void {
    const details = { ...describe(this.#call), status: this.#status, maxBytes: this.#maxBytes };
    this.#giveUp(new SyncError('UPSTREAM_TOO_LARGE', undefined, { details }));
  }

  #giveUp(error: unknown): void {
    if (!this.#end()) return;
    this.#reject(error);
    // Closes the connection too: what is left of the answer is not read.
    this.#controller?.abort(new Error('given up'));
  }

  #end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#call.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
