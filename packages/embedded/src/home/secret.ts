import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** A password that needs no escaping anywhere: 48 hexadecimal digits. */
export function createSecret(): string {
  return randomBytes(24).toString('hex');
}

/** The secret kept in a file, undefined when there is none yet. */
export async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return /^[0-9a-f]{48}$/.test(text.trim()) ? text.trim() : undefined;
}

/** Keeps a secret, readable for its owner only. Whole or not at all. */
export async function writeSecret(file: string, secret: string): Promise<void> {
  await writeFile(`${file}.new`, `${secret}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
