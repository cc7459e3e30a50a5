import { useSyncExternalStore } from 'react';

const key = 'syncline.organization';
const listeners = new Set<() => void>();
let chosen = read();

/** Which organization the page is about, for those who may act for several; undefined: the one that the API takes by itself. */
export function chosenOrganization(): string | undefined {
  return chosen;
}

/** Holds for this tab alone: another may look at another one. */
export function chooseOrganization(id: string | undefined): void {
  chosen = id;
  try {
    if (id === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, id);
  } catch {
    // Storage may be forbidden; it holds until the page is loaded anew then.
  }
  for (const listener of listeners) listener();
}

export function useChosenOrganization(): string | undefined {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosenOrganization);
}

function read(): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
