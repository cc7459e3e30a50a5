import { type ApiAddress, findApi } from './api-address.js';
import { Refusal } from './sync-api.js';

/** How shells say that a program was interrupted. */
export const interrupted = 130;

/**
 * The frame of a command that has the API do something: finds it, tells of Ctrl-C by the signal, ends the process with
 * the exit code that `command` gives, or with 1 and a sentence where the API refuses or cannot be reached.
 *
 * Throws EnvironmentError without a key.
 */
export async function askApi(
  url: string | undefined,
  command: (api: ApiAddress, signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const api = findApi(url);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    process.exitCode = await command(api, stop.signal);
  } catch (error) {
    // fetch says why in the cause, and only there.
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof Refusal ? `${message}\n` : `${api.url}: ${message}${cause}\n`);
    process.exitCode = 1;
  }
}
