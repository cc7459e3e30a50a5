/** The most of these moments that fall into any window of that length: each of them may be its first. */
export function most(moments: readonly number[], length: number): number {
  let first = 0;
  let found = 0;
  for (const [last, at] of moments.entries()) {
    while (at - (moments[first] ?? at) >= length) first += 1;
    found = Math.max(found, last - first + 1);
  }
  return found;
}
