import { eventually } from '@syncline/testing';

interface ReadEvent {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  readonly data: any;
}

/** A client of a stream of server-sent events, as a browser is one. */
export interface EventClient {
  readonly status: number;
  readonly headers: Headers;
  /** All that came, comments too. */
  text(): string;
  events(): ReadEvent[];
  /** Waits for an event that fits, and gives it. */
  until(what: string, fits: (data: ReadEvent['data']) => boolean): Promise<ReadEvent>;
  /** Resolves when the server has ended the stream; rejects when it broke off. */
  readonly ended: Promise<void>;
  close(): void;
}

export async function openEvents(url: string, headers: Readonly<Record<string, string>>): Promise<EventClient> {
  const controller = new AbortController();
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: controller.signal,
  });
  let text = '';
  const reading = (async () => {
    if (response.body === null) return;
    const decoder = new TextDecoder();
    for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true });
  })();
  reading.catch(() => undefined);
  const events = () =>
    text.split('\n\n').flatMap((block) => {
      const [, id = ''] = /^id: (.*)$/m.exec(block) ?? [];
      const [, data] = /^data: (.*)$/m.exec(block) ?? [];
      return data === undefined ? [] : [{ id, data: JSON.parse(data) }];
    });
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    events,
    until: (what, fits) => eventually(what, () => events().find(({ data }) => fits(data))),
    ended: reading,
    close: () => controller.abort(),
  };
}
