/** What a user of Redis has to be allowed, as docs/topologies.md has it, for keys below a prefix. */
const commandRules =
  '-@all +@read +@write +@blocking +@transaction +@scripting +@connection -@dangerous +info +time +client|list +cluster|slots +cluster|info';

export function redisRules(prefix: string): string[] {
  return ['resetkeys', 'resetchannels', `~${prefix}:*`, ...commandRules.split(' ')];
}
