/** What the guide's setup has, and what nothing of ours reads. */
const theirs = ['SUPABASE_URL', 'SUPABASE_SERVICE_KEY', 'SUPABASE_API_KEY'];

/**
 * A sentence for whoever moves over from a script that used Supabase's HTTP API: its variables are set and the one that
 * takes their place is not. Undefined otherwise.
 */
export function supabaseHint(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const set = theirs.filter((name) => env[name]);
  if (set.length === 0 || env['DATABASE_URL']) return undefined;
  const one = set.length === 1;
  return `${set.join(' and ')} ${one ? 'is' : 'are'} set, but Syncline does not use ${one ? 'it' : 'them'}: it connects to the project's Postgres itself. Set DATABASE_URL to the project's connection string (docs/supabase.md).`;
}
