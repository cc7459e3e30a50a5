import type { Agency, Block, Row } from '../data/agency.js';
import { richText } from '../data/rich-text.js';
import type { Version } from './admission.js';
import { shownTime } from './show.js';

/** What a type has besides its text. */
const MORE: Readonly<Record<string, object>> = {
  heading_1: { is_toggleable: false },
  heading_2: { is_toggleable: false },
  heading_3: { is_toggleable: false },
  paragraph: { icon: null },
  to_do: { checked: false },
};

/** A block of a page: of the page itself, or of another block in it. */
export function showBlock(
  { personId }: Agency,
  row: Row,
  parentId: string,
  { id, type, text, children }: Block,
  version: Version,
) {
  const user = { object: 'user', id: personId };
  const content = { rich_text: richText(text), color: 'default', ...MORE[type] };
  return {
    object: 'block',
    id,
    parent: parentId === row.id ? { type: 'page_id', page_id: parentId } : { type: 'block_id', block_id: parentId },
    created_time: shownTime(row.createdMs),
    last_edited_time: shownTime(row.editedMs),
    created_by: user,
    last_edited_by: user,
    has_children: children.length > 0,
    in_trash: false,
    ...(version !== '2026-03-11' && { archived: false }),
    type,
    [type]: type === 'child_page' ? { title: text } : content,
  };
}
