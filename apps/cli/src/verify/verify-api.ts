import { setTimeout as pause } from 'node:timers/promises';
import type { ApiAddress } from '../sync/api-address.js';
import { headersOf, Refusal, refusalOf } from '../sync/sync-api.js';

/** A verification, as far as it is of use here. */
export interface Verification {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly findings: number;
  readonly waitingFor: string | null;
  readonly waitingUntil: string | null;
  readonly errorMessage: string | null;
  readonly repair: 'asked' | 'done' | 'failed' | null;
  readonly repairError: string | null;
  readonly entities: readonly VerifiedEntity[];
}

export interface VerifiedEntity {
  readonly entity: string;
  readonly status: string;
  readonly records: number;
  readonly rows: number | null;
  readonly missing: number;
  readonly extra: number;
  readonly stale: number;
  readonly different: number;
  readonly moved: number;
  readonly notDue: number;
  readonly sampled: number | null;
  readonly buckets?:
    | readonly { readonly vendor: { readonly checksum: string }; readonly stored: { readonly checksum: string } }[]
    | null;
}

export interface Finding {
  readonly entity: string;
  readonly vendorId: string;
  readonly kind: string;
  readonly fields: readonly string[];
  readonly reason: string | null;
}

/** The API, asked for one organization. Each throws Refusal; Error when the API is not there. */
export interface VerifyApi {
  start(connection: string, entities: readonly string[]): Promise<Verification>;
  read(id: string): Promise<Verification>;
  repair(id: string): Promise<Verification>;
  /** The first findings. */
  findings(id: string, limit: number): Promise<readonly Finding[]>;
}

export function verifyApi(api: ApiAddress, organization: string | undefined): VerifyApi {
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { ...headersOf(api, organization), ...(body && { 'content-type': 'application/json' }) };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(`${api.url}/api/v1/${path}`, init);
    if (!response.ok) throw await refusalOf(response);
    return response.json();
  };
  const idOf = encodeURIComponent;
  return {
    start: (connection, entities) =>
      ask('POST', `connections/${idOf(connection)}/verify`, { entities }) as Promise<Verification>,
    read: (id) => ask('GET', `verifications/${idOf(id)}`) as Promise<Verification>,
    repair: (id) => ask('POST', `verifications/${idOf(id)}/repair`) as Promise<Verification>,
    findings: async (id, limit) =>
      ((await ask('GET', `verifications/${idOf(id)}/findings?limit=${limit}`)) as { data: Finding[] }).data,
  };
}

/** An API that is away for a while is no end. */
const mostFailures = 60;
const lookMs = 1_000;

/** The verification, again and again, until `isOver` or the signal. Throws like the API, if that stays away. */
export async function* watch(
  api: VerifyApi,
  id: string,
  isOver: (verification: Verification) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Verification> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      const verification = await api.read(id);
      failures = 0;
      yield verification;
      if (isOver(verification)) return;
    } catch (error) {
      failures += 1;
      if (error instanceof Refusal || failures === mostFailures) throw error;
    }
    await pause(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
