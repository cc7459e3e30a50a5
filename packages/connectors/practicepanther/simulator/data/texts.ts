import { oneOf } from '../../../simulation/dice.js';

/** Long enough to matter for page sizes, short enough to keep the average record near a kilobyte. */
const LONG_NOTE = Array.from(
  { length: 24 },
  (_, line) => `Line ${line + 1}: the parties went through the schedule and left the open points for the next call.`,
).join('\n');

/** Notes in every form seen in the field or known to break importers. */
const NOTES: readonly (string | null)[] = [
  null,
  'per leg',
  '<p>Agreed terms.</p>',
  '',
  'First line\nsecond line\r\nthird\twith a tab',
  'She said "ring after five" and left C:\\files\\new\\lease.pdf',
  '<div class="note"><b>Closing</b> &amp; funding<br/>see <a href="https://firm.example/?a=1&b=2">link</a></div>',
  null,
  'Überweisung 5.000 €, naïve façade — ✅ 山田さん 🏠',
  "Robert'); DROP TABLE contacts;--",
  'Called twice, no answer. Left a message with the front desk and asked for the signed copy by Friday.',
  '{"looks":"like json","n":1}',
  LONG_NOTE,
  '   ',
  'literal \\u0000 in text',
  '</script><script>alert(1)</script>',
];

/** The note of a roll: null, empty, HTML, quotes, backslashes, newlines, emoji, long or plain. */
export function noteOf(roll: number): string | null {
  return oneOf(NOTES, roll);
}

/** A phone number as people type it; null and empty are common. */
export function phoneOf(roll: number): string | null {
  const area = 200 + (roll % 700);
  const line = String((roll >>> 8) % 10000).padStart(4, '0');
  switch ((roll >>> 4) % 10) {
    case 0:
      return `(${area}) 555-${line}`;
    case 1:
      return `${area}.555.${line}`;
    case 2:
      return `+1 ${area} 555 ${line} x${roll % 90}`;
    case 3:
      return `${area}555${line}`;
    case 4:
      return `+44 20 7946 0${line.slice(1)}`;
    case 5:
      return `ask for Ann, ${area}-555-${line}`;
    case 6:
      return '';
    default:
      return null;
  }
}

/** An address for a name. Accents are dropped as mail systems do; a name with no Latin letter gets a neutral one. */
export function emailOf(name: string | null, roll: number): string | null {
  if (roll % 9 === 0) return null;
  if (roll % 23 === 0) return '';
  const ascii = (name ?? '')
    .normalize('NFD')
    .replace(/[^A-Za-z]+/g, '.')
    .toLowerCase();
  const local = ascii.replace(/^\.+|\.+$/g, '') || 'client';
  return `${local}${roll % 1000}@${roll % 2 === 0 ? 'mail' : 'post'}.example`;
}
