/** Two letters and one or two digits, and nothing that could make another host of it. */
const shard = /^[a-z]{2}\d{1,2}$/i;

/** Keys from before there were shards. */
const first = 'au1';

/**
 * The shard on which the account of an API key is: what stands behind the key's last `-`. The body of a key may have
 * hyphens of its own, and a key whose end is no shard's name is an old one.
 */
export function shardOf(apiKey: string): string {
  const end = apiKey.slice(apiKey.lastIndexOf('-') + 1);
  return apiKey.includes('-') && shard.test(end) ? end.toLowerCase() : first;
}

export function baseUrlOf(apiKey: string): string {
  return `https://api.${shardOf(apiKey)}.cliniko.com/v1/`;
}
