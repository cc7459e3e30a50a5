import { expect, it } from 'vitest';
import { keeperEnv } from './keeper-env.js';

it('passes on what tools need and nothing that is secret', () => {
  const needed = { PATH: '/bin', TMPDIR: '/t', https_proxy: 'http://p', NO_PROXY: 'a', REDISMS_DOWNLOAD_URL: 'u' };
  const kept = {
    SYNCLINE_MASTER_KEY: 's',
    DATABASE_URL: 's',
    NODE_OPTIONS: '--inspect',
    LD_PRELOAD: 'x',
    PGDATA: '/d',
  };
  expect(keeperEnv({ ...needed, ...kept })).toEqual(needed);
});
