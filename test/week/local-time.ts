const format = new Intl.DateTimeFormat('en-US', {
  ...{ timeZone: 'America/New_York', weekday: 'short', hour: '2-digit', hourCycle: 'h23' },
  ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
});

/** The time in New York, where the firm is. */
export function localTime(ms: number): { readonly weekday: string; readonly hour: number; readonly date: string } {
  const part = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const date = `${part.get('year')}-${part.get('month')}-${part.get('day')}`;
  return { weekday: part.get('weekday') ?? '', hour: Number(part.get('hour')), date };
}
