import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import type { SynclineError } from './client.js';

/**
 * Something that is done, and what is old after it: every question whose key begins with one of `old`. Also when it
 * failed, for nobody knows how far it came.
 */
export function useDeed<Input, Answer = unknown>(
  old: readonly QueryKey[],
  carryOut: (input: Input) => Promise<Answer>,
) {
  const client = useQueryClient();
  return useMutation<Answer, SynclineError, Input>({
    mutationFn: carryOut,
    onSettled: () => {
      for (const queryKey of old) void client.invalidateQueries({ queryKey });
    },
  });
}
