const bare = /^[0-9a-f]{32}$/;
/** The end of a link such as `https://www.notion.so/Clients-1f2a…?v=…`, where the id stands without dashes. */
const atTheEnd = /(?:^|[^0-9a-f])([0-9a-f]{32})$/;

/**
 * An id as the vendor writes it, with dashes and in lower case, of one with or without them, or of a link that somebody
 * has pasted. Undefined for anything else.
 */
export function notionId(text: string): string | undefined {
  const path = text.trim().toLowerCase().split(/[?#]/)[0] ?? '';
  const plain = path.replaceAll('-', '');
  const digits = bare.test(plain) ? plain : atTheEnd.exec(path)?.[1];
  if (digits === undefined) return undefined;
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}
