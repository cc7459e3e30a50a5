import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect } from 'react';
import { useLocalSignIn, useSignIn } from '../../api/session.js';
import { Button } from '../../ui/button.js';
import { Field, Input } from '../../ui/field.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';

/** In by a key; on the machine that runs Syncline itself, where it was started for trying, by itself. */
export function SignIn() {
  const { next, stay, out } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const signIn = useSignIn();
  const local = useLocalSignIn();
  const goOn = () => navigate({ to: next ?? '/', replace: true });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is opened.
  useEffect(() => {
    document.title = 'Sign in · Syncline';
    // Whoever signed out would be in again at once.
    if (!stay) local.mutate(undefined, { onSuccess: goOn });
  }, []);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key') ?? '').trim();
    if (key !== '') signIn.mutate(key, { onSuccess: goOn });
  };
  const problem = signIn.error ? wordsFor(signIn.error).title : undefined;
  return (
    <main className="grid min-h-dvh place-items-center px-4">
      <form onSubmit={submit} className="w-full max-w-sm rounded-2xl border border-line bg-surface p-7 shadow-sm">
        <img src="/app/icon.svg" alt="" width={40} height={40} />
        <h1 className="mt-4 text-lg font-semibold tracking-tight">Sign in to Syncline</h1>
        <p className="mt-1 mb-5 text-sm text-ink-soft">
          With an API key of your organization, a token of your identity provider, or the platform key, which{' '}
          <code>npm start</code> prints.
        </p>
        {out && (
          <div className="mb-5">
            <Note tone="bad">An admin of the organization has shut you out. Ask one of them.</Note>
          </div>
        )}
        {/* Password managers want a name beside a key. */}
        <input type="text" name="username" value="syncline" autoComplete="username" readOnly hidden />
        <Field label="Key" error={problem}>
          <Input name="key" type="password" autoComplete="current-password" required autoFocus spellCheck={false} />
        </Field>
        <Button type="submit" look="primary" isBusy={signIn.isPending} className="mt-5 w-full">
          Sign in
        </Button>
      </form>
    </main>
  );
}
