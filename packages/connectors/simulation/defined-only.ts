/** Drops names whose value is undefined, so that they cannot hide a default. */
export function definedOnly<T extends object>(values: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}
