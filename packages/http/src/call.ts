import type { VendorRequest, VendorResponse } from '@syncline/connector-kit';

/** A request made ready to be sent: what the layers of the road hand on to each other. */
export interface Call {
  readonly method: VendorRequest['method'];
  readonly url: URL;
  /** Lower-case names. Secrets are in here: nothing of it goes into an error. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
}

export type Attempt = (call: Call) => Promise<VendorResponse>;

/** Something that is done around each attempt. It may call `next` never, once or several times. */
export type Layer = (next: Attempt) => Attempt;

/** Puts layers around the innermost attempt; the first of them is the outermost. */
export function stack(layers: readonly Layer[], innermost: Attempt): Attempt {
  return layers.reduceRight((next, layer) => layer(next), innermost);
}

/** What an error may say about a call. Query values can be search terms or names, headers and bodies secrets. */
export function describe(call: Call): { method: string; host: string; path: string } {
  return { method: call.method, host: call.url.host, path: call.url.pathname };
}
