import { CircleAlert, Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';

/** A sentence that has to be seen: something is wrong, or waits. */
export function Note({ tone, children }: { readonly tone: 'bad' | 'warn'; readonly children: ReactNode }) {
  const [look, Icon] =
    tone === 'bad'
      ? (['border-bad bg-bad-soft', CircleAlert] as const)
      : (['border-warn bg-warn-soft', Hourglass] as const);
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={`flex gap-2.5 rounded-xl border px-4 py-3 text-sm ${look}`}
    >
      <Icon size={16} aria-hidden="true" className={`mt-0.5 shrink-0 ${tone === 'bad' ? 'text-bad' : 'text-warn'}`} />
      <p>{children}</p>
    </div>
  );
}
