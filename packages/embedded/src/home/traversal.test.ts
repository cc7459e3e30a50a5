import { chmod, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstClosedFolder, mayEnter } from './traversal.js';

const ann = { name: 'ann', uid: 70_001, gid: 70_002 };

describe('mayEnter', () => {
  it.each([
    ['others may, by 0755', 0o755, 0, 0, true],
    ['others may not, by 0700', 0o700, 0, 0, false],
    ['passing through needs no reading, 0711', 0o711, 0, 0, true],
    ['reading alone is not enough, 0744', 0o744, 0, 0, false],
    ['the owner may, by 0700', 0o700, ann.uid, 0, true],
    ['the group may, by 0750', 0o750, 0, ann.gid, true],
    ['an owner without the bit is out, whatever others may', 0o077, ann.uid, 0, false],
    ['a group without the bit is out, whatever others may', 0o701, 0, ann.gid, false],
  ])('%s', (_what, mode, uid, gid, expected) => {
    expect(mayEnter({ mode, uid, gid }, ann)).toBe(expected);
  });
});

describe('firstClosedFolder', () => {
  let base: string;
  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'traversal-')));
    await chmod(base, 0o755);
    await mkdir(join(base, 'a', 'b', 'c'), { recursive: true });
  });
  afterEach(() => rm(base, { recursive: true }));

  it('finds none where every folder is open', async () => {
    expect(await firstClosedFolder(join(base, 'a', 'b', 'c'), ann)).toBeUndefined();
  });

  it('names the uppermost closed folder, not the one below it', async () => {
    await chmod(join(base, 'a', 'b'), 0o700);
    await chmod(join(base, 'a'), 0o700);
    expect(await firstClosedFolder(join(base, 'a', 'b', 'c'), ann)).toBe(join(base, 'a'));
  });

  it('looks at the folder itself too', async () => {
    await chmod(join(base, 'a'), 0o750);
    expect(await firstClosedFolder(join(base, 'a'), ann)).toBe(join(base, 'a'));
  });
});
