import type { VendorResponse } from '@syncline/connector-kit';
import type { Attempt } from './call.js';
import type { AllowList } from './egress/allow-list.js';
import { checkEgress } from './egress/check-egress.js';

/** A POST of ours to an address that is no vendor's. */
export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole call, from connecting to the last byte. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends it, once, and answers whatever status came back, a redirect as well: what is signed for one host is not sent to
 * another. The egress guard, the deadline and the size cap are those of the road; budget, breaker and retry are not,
 * because they are about vendors, and would need Redis.
 *
 * @throws SyncError EGRESS_REFUSED, UPSTREAM_UNREACHABLE, UPSTREAM_TIMEOUT, UPSTREAM_TOO_LARGE, UPSTREAM_BAD_BODY
 */
export async function postOnce(
  attempt: Attempt,
  allow: AllowList,
  userAgent: string,
  request: PostRequest,
): Promise<VendorResponse> {
  const { url, headers, body, deadlineMs, signal } = request;
  checkEgress(url, allow);
  return attempt({
    method: 'POST',
    url: new URL(url),
    headers: { 'user-agent': userAgent, 'accept-encoding': 'gzip, br', ...headers },
    body,
    deadlineMs,
    signal,
  });
}
