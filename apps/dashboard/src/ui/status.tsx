import { Badge, type Tone } from './badge.js';

const tones: Readonly<Record<string, Tone>> = {
  running: 'info',
  queued: 'info',
  pending: 'plain',
  succeeded: 'good',
  fine: 'good',
  active: 'good',
  resolved: 'good',
  partial: 'warn',
  paused: 'warn',
  stale: 'warn',
  retrying: 'info',
  dead: 'bad',
  failed: 'bad',
  problem: 'bad',
  error: 'bad',
  needs_reauth: 'bad',
};

const words: Readonly<Record<string, string>> = {
  dead: 'needs you',
  needs_reauth: 'needs credentials',
  partial: 'partly done',
};

/** How a state is called: the same on a badge and in a filter. */
export function wordsForState(state: string): string {
  return words[state] ?? state.replaceAll('_', ' ');
}

/** A state in a word and its colour. */
export function Status({ of }: { readonly of: string }) {
  return (
    <Badge tone={tones[of] ?? 'plain'}>
      {of === 'running' && <span aria-hidden="true" className="size-1.5 animate-pulse rounded-full bg-current" />}
      {wordsForState(of)}
    </Badge>
  );
}
