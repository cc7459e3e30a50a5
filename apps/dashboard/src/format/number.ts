const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function count(value: number): string {
  return whole.format(value);
}

/** "12.4K", where there is little room. */
export function compact(value: number): string {
  return short.format(value);
}
