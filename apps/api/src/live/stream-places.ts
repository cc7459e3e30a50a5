import { SyncError } from '@syncline/connector-kit';

/** How many streams a caller may have open in this process. */
export interface StreamPlaces {
  /** Takes a place; returns how to give it back. Throws SyncError TOO_MANY_STREAMS when none is left. */
  take(caller: string): () => void;
}

export function createStreamPlaces(most: number): StreamPlaces {
  const taken = new Map<string, number>();
  return {
    take: (caller) => {
      const open = taken.get(caller) ?? 0;
      if (open >= most) throw new SyncError('TOO_MANY_STREAMS', `${open} streams are open; ${most} may be`);
      taken.set(caller, open + 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        const left = (taken.get(caller) ?? 1) - 1;
        if (left === 0) taken.delete(caller);
        else taken.set(caller, left);
      };
    },
  };
}
