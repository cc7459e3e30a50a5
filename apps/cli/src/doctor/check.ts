import type { Scene } from './scene.js';
import { wordsOf } from './words-of.js';

export type Status = 'ok' | 'warning' | 'problem' | 'skipped';

/** What a check has found: one sentence, with what to do where something is to be done. */
export interface Finding {
  readonly status: Status;
  readonly message: string;
}

/** One thing to look at. It stands alone: it is bounded in time, and nothing it throws ends the others. */
export interface Check {
  /** Stable: for scripts, and the heading in docs/doctor.md. */
  readonly id: string;
  look(scene: Scene): Finding | Promise<Finding>;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warning = (message: string): Finding => ({ status: 'warning', message });
export const problem = (message: string): Finding => ({ status: 'problem', message });
export const skipped = (message: string): Finding => ({ status: 'skipped', message });

const patienceMs = 15_000;

/** Carries a check out. What it throws, or that it takes too long, is its finding. */
export async function carryOut(check: Check, scene: Scene): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    const message = `This could not be looked at within ${patienceMs / 1_000} s.`;
    timer = setTimeout(() => resolve(problem(message)), patienceMs);
  });
  try {
    return await Promise.race([Promise.resolve(scene).then((given) => check.look(given)), late]);
  } catch (error) {
    return problem(`This could not be looked at: ${wordsOf(error)}.`);
  } finally {
    clearTimeout(timer);
  }
}
