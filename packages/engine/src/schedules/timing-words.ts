import type { Timing } from './timing.js';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** What a timing means, in words for people: `Every 2 hours from 09:00 to 17:00, from Monday to Friday`. */
export function timingWords(timing: Timing): string {
  if (!('cron' in timing)) return `Every ${span(timing.everySeconds)}`;
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = timing.cron.split(' ');
  const parts = [timeWords(minute, hour), dayWords(day, weekday), month === '*' ? '' : `in ${named(month, months, 1)}`];
  const words = parts.filter((part) => part !== '').join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

function span(seconds: number): string {
  const [unit, length] = units.find(([, one]) => seconds % one === 0) ?? ['second', 1];
  return each(seconds / length, unit);
}

/** `hour`, `2 hours`: behind "every". */
function each(count: number, unit: string): string {
  return count === 1 ? unit : `${count} ${unit}s`;
}

const number = /^\d+$/;
const stepped = /^\*\/(\d+)$/;
const spanned = /^(\d+)-(\d+)(?:\/(\d+))?$/;

function timeWords(minute: string, hour: string): string {
  const [, everyMinutes] = stepped.exec(minute === '*' ? '*/1' : minute) ?? [];
  const [, everyHours] = stepped.exec(hour === '*' ? '*/1' : hour) ?? [];
  const [, from, to, step = '1'] = spanned.exec(hour) ?? [];
  if (everyMinutes !== undefined) {
    const often = `every ${each(Number(everyMinutes), 'minute')}`;
    if (hour === '*') return often;
    if (from !== undefined && step === '1') return `${often} from ${clock(from, '0')} to ${clock(to, '59')}`;
    return `${often} of ${hoursWords(hour)}`;
  }
  if (!number.test(minute)) return `at the minutes ${listed(minute)} of ${hoursWords(hour)}`;
  if (everyHours !== undefined) {
    const past = minute === '0' ? '' : ` at ${minute} ${minute === '1' ? 'minute' : 'minutes'} past`;
    // A day is not divided evenly by all: then it begins anew at midnight.
    const anew = 24 % Number(everyHours) === 0 ? '' : ', from midnight on';
    return `every ${each(Number(everyHours), 'hour')}${past}${anew}`;
  }
  if (from !== undefined) {
    // The last one that the step really meets.
    const last = Number(to) - ((Number(to) - Number(from)) % Number(step));
    return `every ${each(Number(step), 'hour')} from ${clock(from, minute)} to ${clock(String(last), minute)}`;
  }
  const hours = hour.split(',');
  if (hours.every((one) => number.test(one))) return `at ${enumerated(hours.map((one) => clock(one, minute)))}`;
  return `at minute ${minute} of ${hoursWords(hour)}`;
}

function hoursWords(hour: string): string {
  return hour === '*' ? 'every hour' : `the hours ${listed(hour)}`;
}

function dayWords(day: string, weekday: string): string {
  const ofMonth = day === '*' || day === '?' ? '' : monthDay(day);
  const ofWeek = weekday === '*' || weekday === '?' ? '' : weekdayWords(weekday);
  // Cron's own rule: where both are given, either of them counts.
  return [ofMonth, ofWeek].filter((part) => part !== '').join(' or ');
}

function monthDay(day: string): string {
  if (day === 'L') return 'on the last day of the month';
  return number.test(day) ? `on day ${day} of the month` : `on the days ${listed(day)} of the month`;
}

function weekdayWords(weekday: string): string {
  const words = named(weekday, days, 0);
  return words.includes(' to ') && !weekday.includes(',') ? `from ${words}` : `on ${words}`;
}

/** Numbers, or the first three letters, as names; what is neither stays as it is. */
function named(field: string, names: readonly string[], first: number): string {
  const parts = numbered(field, names, first).split(',');
  return enumerated(
    parts.map((part) => {
      if (number.test(part)) return nameOf(part, names, first);
      const [, from, to, step] = spanned.exec(part) ?? [];
      if (from === undefined || to === undefined || step !== undefined) return part;
      return `${nameOf(from, names, first)} to ${nameOf(to, names, first)}`;
    }),
  );
}

function nameOf(text: string, names: readonly string[], first: number): string {
  const index = Number(text) - first;
  // Sunday is both 0 and 7.
  return names[first === 0 ? index % 7 : index] ?? text;
}

function numbered(field: string, names: readonly string[], first: number): string {
  return field.replace(/[A-Za-z]{3,}/g, (word) => {
    const index = names.findIndex((name) => name.slice(0, 3).toLowerCase() === word.slice(0, 3).toLowerCase());
    return index < 0 ? word : String(index + first);
  });
}

function listed(field: string): string {
  return enumerated(field.split(','));
}

function enumerated(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function clock(hour: string | undefined, minute: string): string {
  return `${hour?.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}
