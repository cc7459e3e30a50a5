import { expect } from 'vitest';
import { docker, tryDocker } from './engine.js';
import type { Installation } from './installation.js';

/** Waits until the demo has seen its syncs end, all of them well. */
export async function firstSyncsDone(installation: Installation): Promise<void> {
  const demo = await installation.compose('ps', '--all', '--quiet', 'demo');
  const code = await docker('wait', demo);
  const { stdout, stderr } = await tryDocker('logs', demo);
  expect(code, stdout + stderr).toBe('0');
}
