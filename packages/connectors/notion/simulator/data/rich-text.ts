/** A text as the vendor writes it, in one part. */
export function part(content: string) {
  const annotations = {
    bold: false,
    italic: false,
    strikethrough: false,
    underline: false,
    code: false,
    color: 'default',
  };
  return { type: 'text', text: { content, link: null }, annotations, plain_text: content, href: null };
}

export function richText(...contents: string[]) {
  return contents.filter((content) => content !== '').map(part);
}
