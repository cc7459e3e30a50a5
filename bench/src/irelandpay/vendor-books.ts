import { request } from 'undici';
import type { Vendor } from '../rig.js';

/** A month as the vendor's paths have it. */
export interface Month {
  readonly year: number;
  readonly month: number;
}

/** `2026-05`. */
export function nameOf({ year, month }: Month): string {
  return `${year}-${String(month).padStart(2, '0')}`;
}

/** So many months up to the present one, the earliest first. */
export function lastMonths(count: number): readonly Month[] {
  const now = new Date();
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count + 1 + i, 1));
    return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1 };
  });
}

/** What a report says of a merchant: its number without zeros in front, and what it brought. */
export interface ReportRow {
  readonly mid: string;
  readonly cents: number;
}

/** What the simulated vendor knows for sure. */
export interface Books {
  /** Transactions and their cents by `mid month`, where there are any. */
  volumes(months: readonly Month[]): Promise<ReadonlyMap<string, string>>;
  /** Publishes a report again: some rows changed, some gone, one more. */
  republish(processor: number, month: Month): Promise<void>;
  /** The rows of a report, net by merchant. */
  report(processor: number, month: Month): Promise<readonly ReportRow[]>;
  /** Requests since this was asked last. */
  requests(): Promise<number>;
}

export function openBooks({ url, credentials }: Vendor): Books {
  const control = new URL('/__simulator/', url).href;
  const ask = async (path: string, method: 'GET' | 'POST' | 'DELETE' = 'GET', body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await request(control + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${await answer.body.text()}`);
    return (await answer.body.json()) as Record<string, unknown>;
  };
  return {
    volumes: async (months) => {
      const { mids } = (await ask('merchants')) as unknown as { mids: readonly string[] };
      const volumes = new Map<string, string>();
      for (const mid of mids) {
        for (const month of months) {
          const { transactions, cents } = await ask(`volumes/${mid}/${month.year}/${month.month}`);
          if (transactions !== 0) volumes.set(`${mid} ${nameOf(month)}`, `${transactions} for ${cents}`);
        }
      }
      return volumes;
    },
    republish: async (processor, { year, month }) => {
      await ask(`reports/${processor}/${year}/${month}/republish`, 'POST', { changes: 20, removes: 5, adds: 1 });
    },
    report: async (processor, { year, month }) => {
      const query = 'per_page=1000&hide_null_merchants=false&template=false';
      const path = `${url}residuals/reports/summary/rows/${processor}/${year}/${month}?${query}`;
      const { body } = await request(path, { headers: { 'x-api-key': credentials['apiKey'] ?? '' } });
      // Numbers of merchants are numbers here, longer than a double holds.
      const text = (await body.text()).replace(/"mid":\s*(\d+)/g, '"mid":"$1"');
      const { data } = JSON.parse(text) as { data: readonly { mid: string; net: number }[] };
      return data.map(({ mid, net }) => ({ mid, cents: Math.round(net * 100) }));
    },
    requests: async () => {
      const { count } = await ask('requests');
      await ask('requests', 'DELETE');
      return Number(count);
    },
  };
}
