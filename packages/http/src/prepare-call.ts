import { parseUrl, SyncError, type VendorRequest } from '@syncline/connector-kit';
import type { Call } from './call.js';

export interface CallDefaults {
  readonly base: URL;
  readonly userAgent: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The lane's base URL, with its path closed by a slash: else `accounts` would replace its last segment.
 */
export function baseOf(baseUrl: string): URL {
  const base = new URL(baseUrl);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base;
}

/**
 * The address that `target` means on this lane. It has to be on the base URL's origin, which was checked when the lane
 * was opened: a paging link that a vendor sends may not carry the credentials elsewhere.
 * @throws SyncError EGRESS_REFUSED
 */
export function resolveOnOrigin(base: URL, target: string): URL {
  const url = parseUrl(target, base);
  if (url?.origin !== base.origin) {
    const details = { host: url?.host ?? 'unreadable', expected: base.host, reason: 'other origin' };
    throw new SyncError('EGRESS_REFUSED', "The address is not on the connection's own host", { details });
  }
  if (url.username !== '' || url.password !== '') {
    throw new SyncError('EGRESS_REFUSED', 'The address carries a user name', { details: { host: url.host } });
  }
  return url;
}

/** Makes a connector's request ready to be sent. @throws SyncError EGRESS_REFUSED */
export function prepareCall(request: VendorRequest, lane: CallDefaults): Call {
  const url = resolveOnOrigin(lane.base, request.url);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value === undefined) continue;
    if (typeof value !== 'object') url.searchParams.set(name, String(value));
    else for (const one of value) url.searchParams.append(name, one);
  }
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'gzip, br',
    'user-agent': lane.userAgent,
  };
  if (request.form) headers['content-type'] = 'application/x-www-form-urlencoded';
  if (request.json !== undefined) headers['content-type'] = 'application/json';
  // Lower-case, so that a connector's own `User-Agent` takes the default's place instead of standing beside it.
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;

  return {
    method: request.method,
    url,
    headers,
    body: bodyOf(request),
    deadlineMs: request.deadlineMs ?? lane.deadlineMs,
    signal: lane.signal,
  };
}

function bodyOf({ form, json }: VendorRequest): string | undefined {
  if (form) return new URLSearchParams(form).toString();
  return json === undefined ? undefined : JSON.stringify(json);
}
