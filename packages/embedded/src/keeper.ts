/**
 * The keeper: a process of its own between whoever asked for the services and the services. It stops
 * them when told so and also when the channel to its parent breaks, which the system does at the
 * parent's death, however that came. So a crash leaves nothing running.
 *
 * Arguments: the home, and a random word by which others recognise this process.
 */
import { EmbeddedError } from './embedded-error.js';
import { KeeperSession } from './keeper-session.js';
import type { FromKeeper, StartRequest, ToKeeper } from './messages.js';

const runId = process.argv[3] ?? '';
const parent = process.ppid;

const session = new KeeperSession({
  onStep: (line) => tell({ type: 'step', line }),
  onPartEnded: (part, detail) => tell({ type: 'part-ended', part, detail }),
});

let leaving = false;

process.on('message', (message: ToKeeper) => {
  if (message.type === 'stop') void leave(0);
  else void start(message);
});
process.on('disconnect', () => void leave(0));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void leave(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  void leave(1);
});
// The parent may have died while this file was being loaded, before anyone listened.
if (!process.connected) void leave(0);

async function start(request: StartRequest): Promise<void> {
  try {
    tell({ type: 'ready', ...(await session.start(request, runId, parent)) });
  } catch (error) {
    if (leaving) return;
    if (!(error instanceof EmbeddedError)) console.error(error);
    tell({ type: 'failed', ...describe(error) });
    await leave(1);
  }
}

async function leave(code: number): Promise<void> {
  if (leaving) return;
  leaving = true;
  const stopped = session.stop();
  endTools();
  await stopped.catch((error) => console.error(error));
  endTools();
  process.exit(code);
}

/** Tools (initdb, apt-get, make) run in our process group, services do not: the group is what may still be at work. */
function endTools(): void {
  try {
    process.kill(-process.pid, 'SIGTERM');
  } catch {
    // Not started as the leader of a group: then there is none to end.
  }
}

function describe(error: unknown): { message: string; hint: string } {
  if (error instanceof EmbeddedError) return { message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { message, hint: 'Set DATABASE_URL and REDIS_URL to services of yours.' };
}

function tell(message: FromKeeper): void {
  // A parent that is gone is noticed by "disconnect"; a failed send has nothing to add.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
