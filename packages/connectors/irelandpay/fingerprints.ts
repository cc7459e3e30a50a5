/** Gives rows without an id of their own one that is made of what they are about; the second of the same is another. */
export function distinctIds(): (...parts: readonly unknown[]) => string {
  const times = new Map<string, number>();
  return (...parts) => {
    const id = parts.map((part) => String(part ?? '')).join('/');
    const count = (times.get(id) ?? 0) + 1;
    times.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  };
}
