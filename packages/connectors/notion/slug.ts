const longest = 80;

/**
 * What a name looks like in an address: `Café Müller & Söhne` becomes `cafe-muller-sohne`. The table sees to it that no
 * two clients of a connection have the same one, and that a client keeps the one it has.
 */
export function slugOf(name: string | null): string {
  const plain = (name ?? '').normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase();
  const words = plain.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '');
  return (
    words
      .slice(0, longest)
      .toWellFormed()
      .replace(/[-\uFFFD]+$/, '') || 'client'
  );
}
