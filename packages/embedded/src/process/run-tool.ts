import { spawn } from 'node:child_process';

export interface ToolRun {
  command: string;
  args: readonly string[];
  /** Run as this user; as ourselves when undefined. */
  identity?: { uid: number; gid: number } | undefined;
  env?: NodeJS.ProcessEnv;
  /** Written to the tool's standard input. */
  input?: string;
  /** Milliseconds after which the tool is killed; two minutes by default. */
  timeoutMs?: number;
}

export interface ToolResult {
  ok: boolean;
  /** Standard output and error as they came, the last 64 kB. */
  output: string;
}

const outputLimit = 64 * 1024;

/**
 * Runs a tool to its end. Never rejects: a tool that cannot be started is a result that is not ok.
 *
 * The tool stays in the keeper's process group, so that a keeper which has to stop can end whatever
 * it is running with one signal to the group.
 */
export function runTool(run: ToolRun): Promise<ToolResult> {
  return new Promise((resolve) => {
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-outputLimit);
    };
    const child = spawn(run.command, run.args, {
      // The caller's working directory may be closed to the other user.
      cwd: '/',
      env: run.env ?? toolEnv(),
      ...(run.identity && { uid: run.identity.uid, gid: run.identity.gid }),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: run.timeoutMs ?? 120_000,
      killSignal: 'SIGKILL',
    });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // A tool that ends without reading its input is no failure of ours.
    child.stdin.on('error', () => {});
    child.stdin.end(run.input ?? '');
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** A plain environment: PATH, proxy settings and the like of ours, but messages in English to read. */
export function toolEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', LANGUAGE: '', ...extra };
}

/** The last lines of a tool's output, for an error message. */
export function lastLines(output: string, count = 6): string {
  return output.trim().split('\n').slice(-count).join('\n');
}
