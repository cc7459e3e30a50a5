import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react';
import type { SynclineClient } from '../create-client.js';

const Context = createContext<SynclineClient | undefined>(undefined);

/** Hands a client to the hooks below it. A QueryClientProvider of TanStack Query has to be above them, too. */
export function SynclineProvider(props: {
  readonly client: SynclineClient;
  readonly children?: ReactNode;
}): ReactElement {
  return createElement(Context.Provider, { value: props.client }, props.children);
}

/** The client that the provider was given. Throws Error outside of one. */
export function useSyncline(): SynclineClient {
  const client = useContext(Context);
  if (client === undefined) throw new Error('useSyncline needs a SynclineProvider above it');
  return client;
}
