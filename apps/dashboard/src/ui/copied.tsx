import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.js';
import { Field, Input } from './field.js';

interface CopiedProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}

/**
 * A text that is to be carried elsewhere: it can be selected, and copied at a press. Over plain http browsers do not let a
 * page copy, which is said.
 */
export function Copied({ label, value, hint }: CopiedProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setState('copied');
    } catch {
      setState('refused');
    }
  };
  return (
    <Field label={label} hint={hint}>
      <div className="flex gap-2">
        <Input readOnly value={value} onFocus={({ target }) => target.select()} className="font-mono text-xs" />
        <Button
          aria-label={`Copy: ${label}`}
          icon={state === 'copied' ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
          onClick={copy}
        >
          {state === 'copied' ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p role="status" className={state === 'refused' ? 'text-xs text-bad' : 'sr-only'}>
        {state === 'copied' && `${label} is copied`}
        {state === 'refused' && 'The browser does not allow it here: mark it and copy it by hand'}
      </p>
    </Field>
  );
}
