import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findApi, urlFile } from './api-address.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'syncline-address-'));
  for (const name of Object.keys(process.env)) if (/^(SYNCLINE_|PORT$)/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('SYNCLINE_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

it('the API of npm start is found with the key that it keeps', () => {
  writeFileSync(join(home, 'admin.key'), 'the-key-of-this-home\n');
  expect(findApi(undefined)).toEqual({ url: 'http://127.0.0.1:3000', key: 'the-key-of-this-home' });
  writeFileSync(urlFile(home), 'http://127.0.0.1:41234\n');
  expect(findApi(undefined).url).toBe('http://127.0.0.1:41234');
});

it('an API that somebody names does not get that key', () => {
  writeFileSync(join(home, 'admin.key'), 'the-key-of-this-home\n');
  expect(() => findApi('https://elsewhere.example')).toThrow('SYNCLINE_API_KEY must be set');
  vi.stubEnv('SYNCLINE_API_KEY', 'a-key-for-elsewhere');
  expect(findApi('https://elsewhere.example/')).toEqual({
    url: 'https://elsewhere.example',
    key: 'a-key-for-elsewhere',
  });
  vi.stubEnv('SYNCLINE_API_URL', 'https://another.example');
  expect(findApi(undefined).url).toBe('https://another.example');
});
