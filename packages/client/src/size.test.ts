import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

/** Bytes of what a page loads, minified: before and after compression. */
async function sizeOf(file: string, external: RegExp[] = []): Promise<{ minified: number; compressed: number }> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(file, import.meta.url)),
    // What only Node has cannot be resolved for browsers.
    platform: 'browser',
    external,
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  const { output } = await bundle.generate({ minify: true });
  await bundle.close();
  expect(output).toHaveLength(1);
  const code = output[0].code;
  return { minified: Buffer.byteLength(code), compressed: gzipSync(code).byteLength };
}

it('is small, and is made for browsers', async () => {
  const { minified, compressed } = await sizeOf('index.ts');
  expect(minified).toBeLessThan(17_000);
  expect(compressed).toBeLessThan(7_000);
});

it('brings its hooks along for little, and React and TanStack Query not at all', async () => {
  const { minified } = await sizeOf('react/index.ts', [/^react$/, /^@tanstack\/react-query$/]);
  expect(minified).toBeLessThan(4_500);
});
