import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

interface CommandLine {
  program: string;
  /** Whether one of the words is exactly this one. */
  names(word: string): boolean;
}

/**
 * Whether process `pid` is alive and one of the words of its command line is exactly `word`.
 *
 * Process ids are reused, so a number from a file proves nothing: nothing is ever signalled without
 * this. A zombie has no command line and counts as gone, as does a process whose command line may
 * not be read: what cannot be proven to be ours is not ours.
 */
export async function processNames(pid: number, word: string): Promise<boolean> {
  return (await commandLine(pid))?.names(word) ?? false;
}

/** Whether process `pid` is alive and its program's file name is `program`. */
export async function processRuns(pid: number, program: string): Promise<boolean> {
  return (await commandLine(pid))?.program === program;
}

async function commandLine(pid: number): Promise<CommandLine | undefined> {
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const words = text.split('\0');
    return text === '' ? undefined : { program: programOf(words[0] ?? ''), names: (word) => words.includes(word) };
  }
  const shown = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  const line = shown?.stdout.trim() ?? '';
  if (line === '') return undefined;
  // ps joins the words with blanks, and a path may hold blanks itself: compare at word borders instead.
  return { program: programOf(line.split(' ')[0] ?? ''), names: (word) => ` ${line} `.includes(` ${word} `) };
}

/** The file name of a program, also where a process shows a title such as "postgres: checkpointer". */
function programOf(word: string): string {
  return word.split('/').at(-1)?.split(/[\s:]/)[0] ?? '';
}
