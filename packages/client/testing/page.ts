import { setImmediate } from 'node:timers/promises';
import { GlobalWindow } from 'happy-dom';
import type { ReactElement } from 'react';

export interface Page {
  /** The text that is on it. */
  text(): string;
  /** Takes away what was rendered, as when somebody goes to another page. */
  close(): Promise<void>;
}

const names = ['window', 'document', 'navigator'] as const;

/**
 * Renders into a document as a browser does, outside of React's test environment: effects, streams and updates come when
 * they come. The globals that React looks for are there until the page is closed; `fetch` stays that of the process.
 */
export async function openPage(element: ReactElement): Promise<Page> {
  const window = new GlobalWindow({ url: 'http://127.0.0.1/' });
  const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  for (const name of names) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
  // It looks for a document when it is loaded.
  const { createRoot } = await import('react-dom/client');
  const container = window.document.createElement('main');
  window.document.body.appendChild(container);
  const root = createRoot(container as unknown as Parameters<typeof createRoot>[0]);
  root.render(element);
  return {
    text: () => container.textContent ?? '',
    close: async () => {
      root.unmount();
      // React has tasks left that look for the window. They are immediates as well, so they come before ours; one that
      // lets others go first comes in the next round.
      for (let round = 0; round < 10; round += 1) await setImmediate();
      for (const [name, descriptor] of before) {
        if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
        else Object.defineProperty(globalThis, name, descriptor);
      }
      await window.happyDOM.close();
    },
  };
}
