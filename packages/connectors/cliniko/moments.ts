/** The vendor's times are whole seconds, in UTC; finer ones that it keeps for itself do not show. */
const second = 1_000;

/** The second that a time lies in, as filters take it. */
export function secondOf(time: Date): string {
  return text(Math.floor(time.getTime() / second) * second);
}

/** The first whole second at or after a time. */
export function secondFrom(time: Date): string {
  return text(Math.ceil(time.getTime() / second) * second);
}

/** The second after the one that a time lies in: the end, not included, of what is up to that time. */
export function secondAfter(time: Date): string {
  return text(Math.floor(time.getTime() / second) * second + second);
}

function text(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
