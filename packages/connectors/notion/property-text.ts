/** A property's value in a page: `{ id, type, <type>: value }`. */
export type PropertyValue = Readonly<Record<string, unknown>>;

/**
 * What people see of a value, as text; several things are separated by commas. Null for what is empty, and for kinds that
 * are no text (files, buttons).
 */
export function propertyText(value: PropertyValue): string | null {
  return textOf(String(value['type']), value[String(value['type'])]) || null;
}

function textOf(type: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  switch (type) {
    case 'title':
    case 'rich_text':
      return plainText(value);
    case 'select':
    case 'status':
      return field(value, 'name');
    case 'multi_select':
      return list(value, (one) => field(one, 'name'));
    case 'people':
      return list(value, (one) => field(one, 'name') || field(one, 'id'));
    case 'relation':
      return list(value, (one) => field(one, 'id'));
    case 'created_by':
    case 'last_edited_by':
      return field(value, 'name') || field(value, 'id');
    case 'date':
      return [field(value, 'start'), field(value, 'end')].filter(Boolean).join('/');
    case 'unique_id':
      return [field(value, 'prefix'), field(value, 'number')].filter(Boolean).join('-');
    case 'formula':
    case 'rollup':
      return computed(value);
    case 'array':
      return list(value, (one) => propertyText(one as PropertyValue) ?? '');
    case 'files':
    case 'button':
    case 'verification':
    case 'place':
    case 'unsupported':
      return '';
    default:
      return typeof value === 'object' ? '' : String(value);
  }
}

function computed(value: unknown): string {
  const type = field(value, 'type');
  return textOf(type, (value as Record<string, unknown>)[type]);
}

/** The text of a list of rich text, as it reads. */
export function plainText(value: unknown): string {
  return Array.isArray(value) ? value.map((part) => field(part, 'plain_text')).join('') : '';
}

function list(value: unknown, text: (one: unknown) => string): string {
  return Array.isArray(value) ? value.map(text).filter(Boolean).join(', ') : '';
}

function field(value: unknown, name: string): string {
  const found = (value as Record<string, unknown> | null | undefined)?.[name];
  return found === null || found === undefined ? '' : String(found);
}
