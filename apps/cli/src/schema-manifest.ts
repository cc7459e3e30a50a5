import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '@syncline/config';
import { startEmbedded } from '@syncline/embedded';
import { editedMigrations, makeManifest, manifestText, migrate, migrationsFolder, readManifest } from '@syncline/store';
import { withDatabase } from './with-database.js';

/**
 * `syncline schema`, for contributors: migrates an empty database and writes migrations/manifest.json from it.
 *
 * Throws EnvironmentError when a migration that is in the manifest was edited, unless `edited` says that it was not
 * released yet.
 */
export async function runSchema({ edited }: { readonly edited: boolean }): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'syncline-schema-'));
  const services = await startEmbedded({
    home,
    postgres: true,
    redis: false,
    ephemeral: true,
    onStep: () => undefined,
  });
  try {
    const options = { databaseUrl: services.databaseUrl ?? '', schema: undefined, applicationName: 'syncline schema' };
    const manifest = await withDatabase(options, async (db) => {
      await migrate(db);
      return makeManifest(db);
    });
    const changed = edited ? [] : editedMigrations(await readManifest(), manifest);
    if (changed.length > 0) {
      throw new EnvironmentError(
        `Edited: ${changed.join(', ')}. A migration that was released stays as it is: write another one. If no release has it ` +
          'yet: npm run schema -- --edited',
      );
    }
    writeFileSync(join(migrationsFolder, 'manifest.json'), manifestText(manifest));
    process.stdout.write(`migrations/manifest.json: ${Object.keys(manifest.objects).length} objects\n`);
  } finally {
    await services.stop();
    await rm(home, { recursive: true, force: true });
  }
}
