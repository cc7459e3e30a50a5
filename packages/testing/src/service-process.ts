import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One of our processes, as an operator would run it. */
export interface ServiceProcess {
  readonly pid: number;
  /** Of the API. */
  readonly url: string | undefined;
  /** Everything it has printed. */
  output(): string;
  /** Sends a signal and waits for the end. Resolves with the exit code, or null when the signal ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void;
  /** How the process ended, whoever ended it. */
  readonly ended: Promise<ProcessEnd>;
}

/**
 * Starts the built `apps/<app>` with exactly this environment (beside PATH) and waits until it is ready.
 *
 * Throws Error with the process' output when it ends instead.
 */
export async function startService(
  app: 'api' | 'worker',
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const script = fileURLToPath(new URL(`../../../apps/${app}/dist/bundle.js`, import.meta.url));
  const child = fork(script, [], {
    env: { PATH: process.env['PATH'], ...environment },
    // Not what the tests themselves run with.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => printed.push(text));
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const ready = await readiness(child, () => printed.join(''));
  return {
    pid: child.pid ?? -1,
    url: ready.url,
    output: () => printed.join(''),
    signal: (signal) => void child.kill(signal),
    ended,
    kill: async (signal) => {
      child.kill(signal);
      return (await ended).code;
    },
  };
}

function readiness(child: ChildProcess, output: () => string): Promise<{ url: string | undefined }> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { type?: string; url?: string }) => resolve({ url: message.url }));
    child.once('exit', (code) =>
      reject(new Error(`the process ended with code ${code} before it was ready:\n${output()}`)),
    );
    child.once('error', reject);
  });
}
