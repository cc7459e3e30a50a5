import { expect, test } from 'vitest';
import { createLog } from './create-log.js';

test('keys, cookies and the arguments of refused Redis commands are never logged', () => {
  const printed: string[] = [];
  const log = createLog('api', 'info', 'boot', { write: (line: string) => void printed.push(line) });
  const headers = { authorization: 'Bearer S3CRET', cookie: 'S3CRET', 'set-cookie': 'S3CRET', accept: 'shown' };
  const refused = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['S3CRET'] } });
  log.info({ headers, req: { headers }, res: { headers }, err: refused }, 'line');
  expect(printed.join('')).toContain('shown');
  expect(printed.join('')).toContain('WRONGPASS');
  expect(printed.join('')).not.toContain('S3CRET');
});
