import { KeyedAdmission } from '../../../simulation/keyed-admission.js';
import type { Quirks } from '../quirks.js';
import { refusal } from './refusals.js';

/** Versions of the API that this simulator knows, oldest first. */
const VERSIONS = ['2022-06-28', '2025-09-03', '2026-03-11'] as const;
export type Version = (typeof VERSIONS)[number];

/** Who gets in: who has the key, names a version, and has not asked too often. */
export class Admission extends KeyedAdmission<Quirks> {
  admit(authorization: string | undefined, version: string | undefined): Version {
    if (this.isRevoked || authorization !== `Bearer ${this.apiKey}`) {
      throw refusal(401, 'unauthorized', 'API token is invalid.');
    }
    if (version === undefined) {
      throw refusal(400, 'missing_version', 'Notion-Version header failed validation: it should be defined.');
    }
    const known = VERSIONS.find((candidate) => candidate === version);
    if (known === undefined) throw refusal(400, 'invalid_request', `Notion-Version ${version} is not known.`);
    this.#count();
    return known;
  }

  #count(): void {
    const { quota } = this.quirks;
    if (quota === null) return;
    const taken = this.window.take(quota);
    if ('left' in taken) return;
    const { now, opensAt } = taken;
    throw refusal(429, 'rate_limited', 'You have been rate limited. Please try again in a few minutes.', {
      data: { rate_limit_reason: 'integration_rate_limit' },
      headers: { 'retry-after': String(Math.max(1, Math.ceil((opensAt - now) / 1_000))) },
    });
  }
}
