import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The checkout, which images are built from. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compose takes variables from the shell before those of a file: ours must not be those of whoever runs the tests. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(PATH|HOME|DOCKER_\w+|BUILDKIT_\w+|XDG_RUNTIME_DIR)$/.test(name)),
);

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs docker to its end, whatever that is. */
export async function tryDocker(...args: string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run('docker', args, { cwd: root, env: environment, maxBuffer: 256 * 1024 * 1024 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

/** What docker prints. Throws Error with what it complained about. */
export async function docker(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryDocker(...args);
  if (code !== 0)
    throw new Error(`docker ${args.join(' ')} ended with ${code}: ${stderr.slice(-2000)}${stdout.slice(-500)}`);
  return stdout.trim();
}
