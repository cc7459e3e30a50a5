/** Stands in a field for JSON text that no JavaScript value can carry, such as a number beyond 2^53. */
interface RawJson {
  $raw: string;
}

/** Marks the place of a raw text until the rest is rendered; a private-use character keeps it out of real data. */
const MARK = '\ue000raw:';
const MARKED = new RegExp(`"${MARK}(\\d+)"`, 'g');

function isRaw(value: unknown): value is RawJson {
  if (typeof value !== 'object' || value === null || !('$raw' in value)) return false;
  return typeof value.$raw === 'string' && Object.keys(value).length === 1;
}

/** JSON of a record in which raw texts stand verbatim. Slower than plain JSON: only changed records need it. */
export function renderWithRaw(record: unknown): string {
  const raws: string[] = [];
  const text = JSON.stringify(record, (_key, value: unknown) =>
    isRaw(value) ? `${MARK}${raws.push(value.$raw) - 1}` : value,
  );
  return raws.length === 0 ? text : text.replace(MARKED, (_whole, at: string) => raws[Number(at)] ?? 'null');
}
