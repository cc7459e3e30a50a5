import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.js';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for whoever hears it. */
  readonly what: string;
}

/** Puts a text where it can be pasted, and says whether it is there: over plain http browsers do not let a page do it. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('refused');
    }
  };
  return (
    <>
      <Button
        onClick={copy}
        icon={state === 'copied' ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
      >
        {state === 'copied' ? 'Copied' : 'Copy'}
      </Button>
      <span role="status" className={state === 'refused' ? 'text-sm text-bad' : 'sr-only'}>
        {state === 'copied' && `${what} is copied`}
        {state === 'refused' && 'The browser does not allow it here: mark it and copy it by hand'}
      </span>
    </>
  );
}
