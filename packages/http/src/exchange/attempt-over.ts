import type { VendorResponse } from '@syncline/connector-kit';
import type { Dispatcher } from 'undici';
import type { Attempt } from '../call.js';
import { classifyFailure } from './classify-failure.js';
import { decodeBody } from './decode-body.js';
import { Exchange } from './exchange.js';

/** The innermost of the road: one HTTP request over `dispatcher`, answered with whatever status the vendor chose. */
export function attemptOver(dispatcher: Dispatcher, maxBodyBytes: number): Attempt {
  return async (call) => {
    call.signal?.throwIfAborted();
    const startedAt = performance.now();
    const exchange = new Exchange(call, maxBodyBytes);
    dispatcher.dispatch(
      {
        origin: call.url.origin,
        path: call.url.pathname + call.url.search,
        method: call.method,
        headers: call.headers,
        body: call.body ?? null,
        headersTimeout: call.deadlineMs,
        bodyTimeout: call.deadlineMs,
      },
      exchange,
    );
    try {
      const { status, headers, bytes } = await exchange.answer;
      const elapsedMs = performance.now() - startedAt;
      const body = await decodeBody(bytes, headers['content-encoding'], maxBodyBytes);
      return {
        status,
        headers,
        body,
        vendorTime: vendorTimeOf(headers, elapsedMs),
        elapsedMs,
      } satisfies VendorResponse;
    } catch (error) {
      throw classifyFailure(error, call);
    }
  };
}

/** The vendor's clock when the request was sent, or earlier: a watermark made of it must not be too late. */
function vendorTimeOf(headers: Readonly<Record<string, string>>, elapsedMs: number): Date | undefined {
  const answeredAt = Date.parse(headers.date ?? '');
  return Number.isNaN(answeredAt) ? undefined : new Date(answeredAt - Math.ceil(elapsedMs));
}
