/**
 * What makes pg open its sessions in a schema: a start-up option, and not a statement. A pooler that gives every
 * transaction another session would carry a statement's effect over to strangers; an option it either applies to all
 * sessions or to none, which `requireSchema` notices. `--name=value` is the form that Supabase's pooler has understood
 * the longest.
 *
 * What the address brings along as options of its own stays: pg prefers the address over everything else.
 */
export function inSchema(
  databaseUrl: string,
  schema: string | undefined,
): { connectionString: string; options?: string } {
  if (schema === undefined) return { connectionString: databaseUrl };
  const option = `--search_path=${schema}`;
  const url = new URL(databaseUrl);
  const own = url.searchParams.get('options');
  if (own === null) return { connectionString: databaseUrl, options: option };
  url.searchParams.set('options', `${own} ${option}`);
  // Blanks as %20: a plus sign means a plus sign to some.
  url.search = url.search.replaceAll('+', '%20');
  return { connectionString: url.href };
}
