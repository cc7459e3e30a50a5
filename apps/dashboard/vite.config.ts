import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Compresses assets once, as hard as it goes, instead of at each request; the API sends what lies beside a file. */
function compressed(folder: string): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(folder)) {
        if (!/\.(css|js)$/.test(name)) continue;
        const content = readFileSync(join(folder, name));
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** Where `npm start` is, for `vite` with a page that changes as one writes. */
const api = process.env['SYNCLINE_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  base: '/app/',
  // The Host of the request goes along: the API takes nothing from another origin.
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: api }, '/admin': { target: api }, '/docs': { target: api } },
  },
  plugins: [react(), tailwindcss(), compressed('dist/assets')],
  build: {
    target: 'es2022',
    // An asset in a `data:` URL is one that the policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
