import { catalogue, type ErrorCode } from '@syncline/connector-kit';
import type { JobLogLine } from '@syncline/store';

const rests: Readonly<Record<string, string>> = {
  budget: "the vendor's budget is used up",
  vendor_rate_limit: 'the vendor asked to slow down',
  circuit: 'the vendor is left alone after several failures',
  retry: 'there will be another attempt',
  paused: 'it was paused',
};

/** A line of a job's log in words. What it says stands in the line's detail as well. */
export function jobLogMessage({ kind, entity, page, detail }: JobLogLine): string {
  const of = (name: string) => text(detail?.[name]);
  const until = of('until') === '' ? '' : `, until ${of('until')}`;
  const by = of('by') === '' ? '' : ` by ${of('by')}`;
  switch (kind) {
    case 'queued':
      return `Asked for${by} (${of('trigger')}): ${of('syncType')}, ${of('mode')}`;
    case 'running':
      return 'Taken up again';
    case 'claimed':
      return `${entity}: taken in hand by the worker ${of('worker')} behind page ${page}, ${of('mode')}`;
    case 'pages':
      return `${entity}: ${page} ${page === 1 ? 'page is' : 'pages are'} committed, ${of('read')} records read, ${of('failed')} failed`;
    case 'waits':
      return `${entity}: rests, ${rests[of('for')] ?? of('for')}${until}`;
    case 'retry':
      return `${entity}: attempt ${of('attempt')} failed, ${reason(of('code'))}; the next one comes${until}`;
    case 'entity-ended':
      return `${entity}: ${of('status')}, ${of('read')} records read, ${of('failed')} failed${because(of('code'))}`;
    case 'ended':
      return `Ended: ${of('status')}${by}${because(of('code'))}`;
  }
}

function reason(code: string): string {
  const entry = catalogue[code as ErrorCode];
  return entry === undefined ? code : `${code} (${entry.title})`;
}

function because(code: string): string {
  return code === '' ? '' : `; ${reason(code)}`;
}

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
