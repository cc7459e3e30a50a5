import { readFile } from 'node:fs/promises';
import { catalogue } from '@syncline/connector-kit';
import { expect, test } from 'vitest';

const row = /^\| `([A-Z_]+)` \| (\w+) \| (\w+) \| (\d{3}) \| (.+) \| (.+) \|$/;

async function documented() {
  const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  return page.split('\n').flatMap((line) => {
    const [, code, kind, takesDown, status] = row.exec(line) ?? [];
    return code === undefined ? [] : [{ code, kind, takesDown, status: Number(status) }];
  });
}

test('docs/errors.md has every code of the catalogue, as it is there, and no other', async () => {
  const inCode = Object.entries(catalogue).map(([code, { kind, takesDown, status }]) => ({
    code,
    kind,
    takesDown,
    status,
  }));
  const byCode = (a: { code: string }, b: { code: string }) => a.code.localeCompare(b.code);
  expect((await documented()).sort(byCode)).toEqual(inCode.sort(byCode));
});

test('no other page names a code that does not exist', async () => {
  const known = new Set<string>(Object.keys(catalogue));
  const families = new Set(Object.keys(catalogue).map((code) => code.split('_')[0]));
  for (const name of ['README.md', 'SECURITY.md', ...pages]) {
    const text = await readFile(new URL(`../../${name}`, import.meta.url), 'utf8');
    const named = [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, word = '']) => word);
    const codes = named.filter((word) => families.has(word.split('_')[0] ?? '') && !isVariable(word));
    expect(
      codes.filter((code) => !known.has(code)),
      name,
    ).toEqual([]);
  }
});

const pages = [
  'alerts',
  'api',
  'architecture',
  'configuration',
  'errors',
  'operations',
  'stack',
  'tenancy',
  'vendors/practicepanther',
].map((page) => `docs/${page}.md`);

/** Variables that begin like a code does. */
function isVariable(word: string): boolean {
  return ['DATABASE_URL', 'SYNC_INTERVAL_MINUTES'].includes(word);
}
