import { unlessRefused, type VendorClient } from '@syncline/connector-kit';
import { onwardOf, readWholeList } from './ask-list.js';
import type { PropertyValue } from './property-text.js';

/** A page has no more than so many of each of these in it. */
const mostInPage = 25;

/** Types that have an address of their own for whatever did not fit. */
const longTypes: ReadonlySet<unknown> = new Set(['title', 'rich_text', 'relation', 'people']);

/**
 * The page with what did not fit into it: relations, people and texts of more than 25 parts, each asked for by itself.
 * What is no page is left alone. A property that the vendor refuses stays cut off, and `property_errors` of the page says
 * so by its id. Throws what else the client throws.
 */
export async function completePage(
  client: VendorClient,
  page: unknown,
): Promise<{ readonly page: unknown; readonly lossless: boolean }> {
  const { id, properties } = (page ?? {}) as { readonly id?: unknown; readonly properties?: unknown };
  if (typeof id !== 'string' || typeof properties !== 'object' || properties === null) return { page, lossless: false };
  const whole: Record<string, unknown> = { ...properties };
  let lossless = false;
  const errors: Record<string, string> = {};
  let isCompleted = false;
  for (const [name, value] of Object.entries(whole)) {
    if (!isCutOff(value)) continue;
    const { type, id: property } = value as { readonly type: string; readonly id: string };
    const path = `pages/${encodeURIComponent(id)}/properties/${encodeURIComponent(decoded(property))}`;
    const road = isCompleted ? onwardOf(client) : client;
    const answer = await unlessRefused(() => readWholeList(road, path));
    isCompleted = true;
    if ('error' in answer) {
      errors[property] = answer.error;
      continue;
    }
    lossless ||= answer.ok.lossless;
    const parts = answer.ok.results.map((item) => (item as Record<string, unknown>)[type]);
    whole[name] = { ...value, [type]: parts, ...(type === 'relation' && { has_more: false }) };
  }
  if (!isCompleted) return { page, lossless };
  const refused = Object.keys(errors).length > 0 && { property_errors: errors };
  return { page: { ...(page as object), properties: whole, ...refused }, lossless };
}

/** Whether some value of a page did not fit into it. */
export function isCutOffPage(page: unknown): boolean {
  const { properties } = (page ?? {}) as { readonly properties?: unknown };
  return typeof properties === 'object' && properties !== null && Object.values(properties).some(isCutOff);
}

function isCutOff(value: unknown): value is PropertyValue {
  const { type, has_more: hasMore, id, ...rest } = (value ?? {}) as Record<string, unknown>;
  if (!longTypes.has(type) || typeof id !== 'string') return false;
  const parts = rest[String(type)];
  // Only relations say so; of the others just so many may be all, or not.
  return hasMore === true || (Array.isArray(parts) && parts.length >= mostInPage);
}

/** Ids of properties come as they stand in an address. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
