/**
 * A URL; undefined when the text is none. Not `URL.canParse`: in Node 20 it takes correct addresses with letters like ü
 * for wrong ones as soon as it is called often enough to be compiled.
 * @param base what a relative address is relative to
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
