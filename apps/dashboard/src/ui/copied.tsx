import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.js';
import { Field, Input } from './field.js';

interface CopiedProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}

/** A text that is to be carried elsewhere: it can be selected, and copied at a press. */
export function Copied({ label, value, hint }: CopiedProps) {
  const [isCopied, setCopied] = useState(false);
  return (
    <Field label={label} hint={hint}>
      <div className="flex gap-2">
        <Input readOnly value={value} onFocus={({ target }) => target.select()} className="font-mono text-xs" />
        <Button
          aria-label={`Copy: ${label}`}
          icon={isCopied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
          onClick={() => navigator.clipboard.writeText(value).then(() => setCopied(true))}
        >
          <span role="status">{isCopied ? 'Copied' : 'Copy'}</span>
        </Button>
      </div>
    </Field>
  );
}
