import { expect, test } from 'vitest';
import { localPath, startPage } from './local-path.js';

const start = startPage({});

test('paths of this server are kept', () => {
  for (const path of ['/docs', '/admin/queues/queue/a?status=failed', '/', '/docs?x=//y'])
    expect(localPath(path, start)).toBe(path);
});

test('whatever a browser could take for another place leads to the start page', () => {
  const elsewhere = [
    undefined,
    '',
    'docs',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/a\nb',
    '/.//evil.example',
    '/a/..//evil.example',
    '/.//evil.example/..//',
    '/docs\\..\\x',
    '/ä',
  ];
  for (const next of elsewhere) {
    const path = localPath(next, start);
    expect(new URL(path, 'https://here.example').origin, next).toBe('https://here.example');
    expect(path, next).toMatch(/^\/(?![/\\])/);
  }
  expect(localPath('//evil.example', start)).toBe(start);
});

test('the start page is the dashboard, where there is one', () => {
  expect([startPage({}), startPage({ dashboardFolder: '/somewhere' })]).toEqual(['/admin/queues', '/app/']);
});
