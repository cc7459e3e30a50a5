import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { docker, tryDocker } from './engine.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The image of this checkout, and one of its next version, which has a migration more. */
    readonly images: { readonly present: string; readonly next: string };
  }
}

/** A migration as an upgrade has it that can do without a gap: it adds, and takes nothing away. */
export const expansion = {
  name: '9000_expansion',
  sql: `alter table contacts add column if not exists added_by_the_next_version text;
create table if not exists of_the_next_version (id uuid primary key);
`,
};

/** Builds the images before the first test, and takes them away after the last one. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const repository = `syncline-test-${randomBytes(4).toString('hex')}`;
  const images = { present: `${repository}:present`, next: `${repository}:next` };
  const context = mkdtempSync(join(tmpdir(), 'syncline-next-'));
  const teardown = async () => {
    rmSync(context, { recursive: true, force: true });
    await tryDocker('image', 'rm', '--force', images.next, images.present);
  };
  try {
    const started = Date.now();
    await docker('build', '--tag', images.present, '.');
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    writeFileSync(join(context, `${expansion.name}.sql`), `-- What a later version adds.\n${expansion.sql}`);
    writeFileSync(join(context, 'Dockerfile'), `FROM ${images.present}\nCOPY ${expansion.name}.sql /app/migrations/\n`);
    await docker('build', '--tag', images.next, context);
    const bytes = Number(await docker('image', 'inspect', images.present, '--format', '{{.Size}}'));
    process.stdout.write(`Image built in ${seconds} s, ${(bytes / 1e6).toFixed(0)} MB\n`);
  } catch (error) {
    await teardown();
    throw error;
  }
  provide('images', images);
  return teardown;
}
