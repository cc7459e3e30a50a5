/** What happens to a worker at a boundary of an entity run. */
export interface Strike {
  /** One of the engine's boundaries. */
  readonly boundary: string;
  /** Of this entity only; default: of any. */
  readonly entity?: string;
  /** Which of those that fit is the one; default: the first. */
  readonly nth?: number;
  /**
   * SIGKILL and SIGSTOP: the process does it to itself, there and then. hold: the run waits at the boundary until the
   * process gets SIGUSR2, and everything else in the process goes on.
   */
  readonly action: 'SIGKILL' | 'SIGSTOP' | 'hold';
}

/** What a process prints when the strike has come. */
export const strikeMark = 'struck at ';

/** The environment that makes a worker suffer a strike: of the production process, with a subscriber loaded before it. */
export function strikeEnvironment(strike: Strike): Record<string, string> {
  const preload = new URL('./strike-preload.js', import.meta.url).href;
  return { NODE_OPTIONS: `--import ${preload}`, STRIKE: JSON.stringify(strike) };
}
