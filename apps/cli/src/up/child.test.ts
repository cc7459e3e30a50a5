import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from './child.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'child-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(code: string) {
  const file = join(folder, 'child.mjs');
  writeFileSync(file, code);
  return startChild('a child', file, [], process.env, join(folder, 'child.log'));
}

describe('a process that `up` has started', () => {
  it.each([
    ['process.exit(3)', 'with exit code 3'],
    ["process.kill(process.pid, 'SIGKILL')", 'by SIGKILL'],
  ])('says how it ended: %s', async (end, how) => {
    const child = await start(`process.send({}, () => { ${end}; });`);
    expect(await child.ended).toEqual({ name: 'a child', how });
  });

  it('that ends before it was ready did not start, and its own words say why', async () => {
    await expect(start(`process.stderr.write('no such port'); process.exitCode = 2;`)).rejects.toThrow(
      'a child did not start: no such port',
    );
  });
});
