const may: Readonly<Record<string, string>> = {
  viewer: 'may look',
  operator: 'may start, repair and schedule syncs too',
  admin: 'may change connections, keys and members too',
  platform: 'may manage organizations too',
};

/** What a role may do, each also what those before it may. */
export function wordsForRole(role: string): string {
  return may[role] ?? '';
}
