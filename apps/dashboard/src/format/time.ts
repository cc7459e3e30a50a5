const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' });
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** `now` in milliseconds. "5 minutes ago", "in 2 hours"; to the unit that tells most. */
export function ago(moment: string | Date, now: number): string {
  const seconds = (new Date(moment).getTime() - now) / 1_000;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
  return relative.format(Math.round(seconds / size), unit);
}

/** In the zone of whoever looks, to the second. */
export function exactly(moment: string | number | Date): string {
  return absolute.format(new Date(moment));
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "22 Nov", of milliseconds. */
export function dayOf(moment: number): string {
  return day.format(moment);
}

/** "14:00", of milliseconds. */
export function hourOf(moment: number): string {
  return hour.format(moment);
}

/** "1 h 4 min", "12 s": the two largest parts of it. */
export function duration(seconds: number): string {
  if (seconds <= 0) return '0 s';
  if (seconds < 1) return 'under 1 s';
  const parts: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  let left = Math.round(seconds);
  const said: string[] = [];
  for (const [name, size] of parts) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) said.push(`${count} ${name}`);
  }
  return said.slice(0, 2).join(' ');
}

/** A sentence of the API, with the times in it as they are here: it writes them in UTC, for programs too. */
export function inOwnTime(sentence: string): string {
  return sentence.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g, (moment) =>
    // A vendor's words may be among them.
    Number.isNaN(Date.parse(moment)) ? moment : exactly(moment),
  );
}
