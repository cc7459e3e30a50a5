import { type TextareaHTMLAttributes, useEffect, useRef } from 'react';
import type { TextPlace } from '../format/place-in-json.js';
import { Textarea } from './field.js';

interface MarkedTextareaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'value'> {
  readonly value: string;
  /** What is to be seen in it; it is scrolled to when it is first known. */
  readonly marked: TextPlace | undefined;
}

/** The height of a line: `leading-5`. */
const lineHeight = 20;
const linesBefore = 3;

/**
 * A text in which a part stands out. A textarea marks nothing by itself, so that the same text lies behind it with a mark
 * in it, and scrolls along; lines are not wrapped, so that both have them at the same place.
 */
export function MarkedTextarea({ value, marked, ...rest }: MarkedTextareaProps) {
  const frame = useRef<HTMLDivElement>(null);
  const isKnown = marked !== undefined;
  const first = useRef(marked);
  first.current ??= marked;

  useEffect(() => {
    const textarea = frame.current?.querySelector('textarea');
    if (!isKnown || !textarea || first.current === undefined) return;
    textarea.scrollTop = (first.current.line - linesBefore) * lineHeight;
  }, [isKnown]);

  return (
    <div ref={frame} className="relative rounded-lg bg-surface">
      <pre
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 overflow-hidden border border-transparent px-3 py-2 font-mono text-xs leading-5 text-transparent"
      >
        {marked && (
          <>
            {value.slice(0, marked.start)}
            <mark className="rounded-sm bg-bad-soft text-transparent ring-1 ring-bad">
              {value.slice(marked.start, marked.end)}
            </mark>
            {value.slice(marked.end)}
          </>
        )}
      </pre>
      <Textarea
        {...rest}
        value={value}
        wrap="off"
        className="relative block bg-transparent!"
        onScroll={({ currentTarget: { scrollTop, scrollLeft } }) => {
          const behind = frame.current?.querySelector('pre');
          if (behind) Object.assign(behind, { scrollTop, scrollLeft });
        }}
      />
    </div>
  );
}
