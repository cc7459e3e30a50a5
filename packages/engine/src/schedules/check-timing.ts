import { SyncError } from '@syncline/connector-kit';
import { nextDue, parseCron } from './timing.js';

const fields = 'minute, hour, day of month, month and day of week';

/**
 * A cron expression with single blanks between its fields.
 *
 * Throws SyncError VALIDATION_FAILED (field `cron`) with a sentence that says what to change: for anything but five
 * fields, for what is out of range, and for a date that never comes.
 */
export function checkCron(text: string, timeZone: string, now: Date): string {
  const parts = text.trim().split(/\s+/);
  const cron = parts.join(' ');
  const refuse = (why: string) => new SyncError('VALIDATION_FAILED', `"${cron}" ${why}`, { field: 'cron' });
  if (parts.length === 6) throw refuse(sixFields(parts, now));
  if (parts.length !== 5)
    throw refuse(`has ${parts.length === 1 ? 'one field' : `${parts.length} fields`}; five are expected: ${fields}`);
  let first: Date | undefined;
  try {
    first = nextDue({ cron, timeZone }, now);
  } catch (error) {
    throw refuse(`is not a cron expression: ${String((error as Error).message).replace(/^CronPattern: /, '')}`);
  }
  if (first === undefined) throw refuse('never comes: there is no such date');
  return cron;
}

/** Six fields begin with seconds elsewhere. What is left without them is often not what was meant, either: so it is said. */
function sixFields(parts: readonly string[], now: Date): string {
  const rest = parts.slice(1).join(' ');
  let left = '';
  try {
    const [a, b] = parseCron(rest, 'UTC').nextRuns(2, now);
    const minutes = a && b && (b.getTime() - a.getTime()) / 60_000;
    left = minutes ? `: what is left, "${rest}", comes every ${minutes === 1 ? 'minute' : `${minutes} minutes`}` : '';
  } catch {
    // The rest is no cron expression; the sentence does without it.
  }
  return (
    `has six fields; five are expected: ${fields}. If the first one is meant as seconds, take it away${left}. ` +
    'Every 2 hours from 9 to 17 on weekdays is "0 9-17/2 * * 1-5"'
  );
}

/** Zones that people mean by their abbreviations. */
const meant: Readonly<Record<string, string>> = {
  ...{ EST: 'America/New_York', EDT: 'America/New_York', ET: 'America/New_York', EST5EDT: 'America/New_York' },
  ...{ CST: 'America/Chicago', CDT: 'America/Chicago', CT: 'America/Chicago', CST6CDT: 'America/Chicago' },
  ...{ MST: 'America/Denver', MDT: 'America/Denver', MT: 'America/Denver', MST7MDT: 'America/Denver' },
  ...{ PST: 'America/Los_Angeles', PDT: 'America/Los_Angeles', PT: 'America/Los_Angeles' },
  ...{ PST8PDT: 'America/Los_Angeles', GMT: 'UTC', Z: 'UTC', BST: 'Europe/London', WET: 'Europe/Lisbon' },
  ...{ CET: 'Europe/Berlin', CEST: 'Europe/Berlin', MEZ: 'Europe/Berlin', EET: 'Europe/Athens' },
  ...{ AEST: 'Australia/Sydney', AEDT: 'Australia/Sydney', NZST: 'Pacific/Auckland' },
};

/**
 * The name of a time zone of the IANA database, or UTC, in its usual spelling.
 *
 * Abbreviations are refused although programs know some: EST stays at UTC-5 in summer for one, and is New York's time
 * for another.
 *
 * Throws SyncError VALIDATION_FAILED (field `timeZone`).
 */
export function checkTimeZone(text: string): string {
  const name = text.trim();
  const refuse = (what: string) => new SyncError('VALIDATION_FAILED', `"${name}" is ${what}`, { field: 'timeZone' });
  if (/^utc$/i.test(name)) return 'UTC';
  if (!name.includes('/')) {
    const better = meant[name.toUpperCase()] ?? 'a region and a city, such as America/New_York, or UTC';
    throw refuse(`not the name of a time zone: write ${better}`);
  }
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Other spellings are put right; a city's newer or older name stays as it was given.
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    throw refuse('a time zone that nobody knows: write a region and a city, such as America/New_York');
  }
}
