const minute = 60_000;

/** The minute that a time lies in. The vendor rounds its times down to it, and filters by what is rounded. */
export function minuteOf(time: Date): string {
  return new Date(Math.floor(time.getTime() / minute) * minute).toISOString();
}
