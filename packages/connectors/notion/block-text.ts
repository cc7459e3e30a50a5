import type { VendorClient } from '@syncline/connector-kit';
import { onwardOf, readWholeList } from './ask-list.js';
import { plainText } from './property-text.js';

/** Deeper than people nest, and a bound for what a vendor may make up. */
const deepest = 12;

/** For one page; each is a request or more. What is left out then is the end. */
const mostLists = 200;

/** Pages and databases within a page have a text of their own, which is not this page's. */
const ownPages: ReadonlySet<unknown> = new Set(['child_page', 'child_database']);

/**
 * The text of a page: a line for each block that has one, those within others indented. Empty for a page without text.
 * Throws what the client throws.
 */
export async function readPageText(client: VendorClient, pageId: string): Promise<string> {
  let lists = 0;
  const read = async (blockId: string, depth: number): Promise<string[]> => {
    if (depth > deepest || lists >= mostLists) return [];
    const road = lists === 0 ? client : onwardOf(client);
    lists += 1;
    const { results } = await readWholeList(road, `blocks/${encodeURIComponent(blockId)}/children`);
    const lines: string[] = [];
    for (const block of results) {
      const { id, type, has_children: hasChildren, in_trash: isTrashed } = (block ?? {}) as Record<string, unknown>;
      if (isTrashed === true) continue;
      const text = textOf((block as Record<string, unknown>)[String(type)]);
      if (text !== '') lines.push('  '.repeat(depth) + text);
      if (hasChildren === true && typeof id === 'string' && !ownPages.has(type))
        lines.push(...(await read(id, depth + 1)));
    }
    return lines;
  };
  return (await read(pageId, 0)).join('\n');
}

/** What a block says: its text, a table's row cell by cell, what stands under a picture, or the name of a page in it. */
function textOf(content: unknown): string {
  const { rich_text, cells, caption, title, expression, url } = (content ?? {}) as Record<string, unknown>;
  if (Array.isArray(rich_text)) return plainText(rich_text);
  if (Array.isArray(cells)) return cells.map(plainText).join(' | ');
  if (typeof title === 'string') return title;
  if (typeof expression === 'string') return expression;
  const below = plainText(caption);
  // A file's address would expire; a bookmark's is its content.
  return below || (typeof url === 'string' ? url : '');
}
