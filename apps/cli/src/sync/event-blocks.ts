/** An event of a stream, as far as it is of use here. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly data: string;
}

/** Reads server-sent events. Comments, and events that the end of the stream has cut off, are none. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    // Together with the rest: a line's end may be cut in two as well.
    const blocks = (rest + decoder.decode(chunk, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== undefined) yield event;
    }
  }
}

function eventOf(block: string): StreamEvent | undefined {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line)?.slice(1) ?? []);
  const data = fields.filter(([name]) => name === 'data').map(([, value = '']) => value);
  if (data.length === 0) return undefined;
  return { id: fields.find(([name]) => name === 'id')?.[1], data: data.join('\n') };
}
