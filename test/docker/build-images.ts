import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { docker, tryDocker } from './engine.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The image of this checkout, of the next version, whose migration adds, and of the one after it, which takes away. */
    readonly images: { readonly present: string; readonly next: string; readonly last: string };
  }
}

/** Migrations as an upgrade without a gap has them: what is new is added first, and what is old goes when nobody uses it. */
const migrations = {
  '9000_expansion': `-- What the next version adds.
alter table contacts add column if not exists added_by_the_next_version text;
create table if not exists of_the_next_version (id uuid primary key);
`,
  '9001_contraction': `-- What the version after that takes away, and so who cannot work with it any more.
drop table of_the_next_version;
update syncline_installation set compatible_from = 9000;
`,
};

/** Builds the images before the first test, and takes them away after the last one. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const repository = `syncline-test-${randomBytes(4).toString('hex')}`;
  const images = { present: `${repository}:present`, next: `${repository}:next`, last: `${repository}:last` };
  const context = mkdtempSync(join(tmpdir(), 'syncline-next-'));
  const teardown = async () => {
    rmSync(context, { recursive: true, force: true });
    await tryDocker('image', 'rm', '--force', ...Object.values(images));
  };
  try {
    const started = Date.now();
    await docker('build', '--tag', images.present, '.');
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    await withMigration(context, images.present, '9000_expansion', images.next);
    await withMigration(context, images.next, '9001_contraction', images.last);
    const bytes = Number(await docker('image', 'inspect', images.present, '--format', '{{.Size}}'));
    process.stdout.write(`Image built in ${seconds} s, ${(bytes / 1e6).toFixed(0)} MB\n`);
  } catch (error) {
    await teardown();
    throw error;
  }
  provide('images', images);
  return teardown;
}

/** The image of a version that has one migration more. */
async function withMigration(context: string, base: string, name: keyof typeof migrations, tag: string): Promise<void> {
  writeFileSync(join(context, `${name}.sql`), migrations[name]);
  writeFileSync(join(context, 'Dockerfile'), `FROM ${base}\nCOPY ${name}.sql /app/migrations/\n`);
  await docker('build', '--tag', tag, context);
}
