import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** A server that Prism makes of an OpenAPI document: it checks what it is asked, and makes its answers up. */
export interface Prism {
  /** With a slash at its end. */
  readonly url: string;
  /** Requests that it refused, as it logs them. */
  refusals(): readonly string[];
  close(): Promise<void>;
}

/**
 * Starts Prism as a process of its own, on a port that is free, and waits until it listens. With a seed its answers are
 * random, the same each time; without one they are the document's examples.
 *
 * Throws Error with what it has printed when it ends instead.
 */
export async function startPrism(document: string, seed?: string): Promise<Prism> {
  const folder = await mkdtemp(join(tmpdir(), 'prism-'));
  const file = join(folder, 'openapi.yaml');
  await writeFile(file, document);
  const script = require.resolve('@stoplight/prism-cli/dist/index.js');
  const random = seed === undefined ? [] : ['--dynamic', '--seed', seed];
  const child = spawn(process.execPath, [script, 'mock', '--host', '127.0.0.1', '--port', '0', ...random, file], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true });
  };
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        const [, origin] = /listening on (http:\S+)\s/.exec(printed) ?? [];
        if (origin !== undefined) resolve(`${origin}/`);
      });
    }
    child.once('error', reject);
    void ended.then(() => reject(new Error(`Prism ended before it listened:\n${printed}`)));
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, refusals: () => printed.match(/^.*(?:Request terminated|did not pass).*$/gm) ?? [], close };
}
