import { expect, test } from 'vitest';
import { isLocalBrowser } from './local-browser.js';

const host = '127.0.0.1:3000';
const page = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
const from = (headers: Record<string, string>, remoteAddress: string | undefined = '127.0.0.1', httpVersion = '1.1') =>
  isLocalBrowser({ headers, remoteAddress, httpVersion });

test('a page of ours in a browser of this machine is local, by each of the names that this machine has for itself', () => {
  for (const name of ['127.0.0.1:3000', 'localhost:3000', 'LOCALHOST:3000', '[::1]:3000', 'localhost']) {
    expect(from({ ...page, host: name, origin: `http://${name}` }), name).toBe(true);
  }
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1']) expect(from(page, address)).toBe(true);
  // Browsers that do not say where a request comes from send an Origin all the same.
  expect(from({ host, origin: `http://${host}` })).toBe(true);
});

test.each<[string, Record<string, string>, string?, string?]>([
  ['another machine', page, '192.168.1.7'],
  ['the host of a container', page, '172.17.0.1'],
  ['an address that begins like loopback', page, '127.0.0.1.evil.example'],
  [
    'a name that was bound to this machine (DNS rebinding)',
    { host: 'evil.example:3000', origin: 'http://evil.example:3000', 'sec-fetch-site': 'same-origin' },
  ],
  ['a name that ends like ours', { ...page, host: 'localhost.evil.example', origin: 'http://localhost.evil.example' }],
  [
    'a name that begins with our address',
    { ...page, host: '127.0.0.1.nip.io:3000', origin: 'http://127.0.0.1.nip.io:3000' },
  ],
  ['a page of another port', { ...page, origin: 'http://127.0.0.1:4000', 'sec-fetch-site': 'same-site' }],
  ['a page of another port, in a browser that says nothing more', { host, origin: 'http://127.0.0.1:4000' }],
  ['another of our names, for which the browser has other cookies', { ...page, origin: 'http://localhost:3000' }],
  ['a form of another site', { host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['what the browser says is not from our origin, whatever its Origin', { ...page, 'sec-fetch-site': 'same-site' }],
  ['a page in a sandbox', { host, origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['a public site whose proxy has put our name into Host', { ...page, origin: 'https://syncline.example.com' }],
  ['TLS before us', { ...page, origin: `https://${host}` }],
  ['no browser: no Origin', { host, 'sec-fetch-site': 'same-origin' }],
  ['no browser: nothing at all', { host }],
  ['no Host', { origin: page.origin, 'sec-fetch-site': 'same-origin' }],
  ['a proxy that speaks HTTP/1.0', page, '127.0.0.1', '1.0'],
])('%s is not', (_what, headers, remoteAddress, httpVersion) => {
  expect(from(headers, remoteAddress, httpVersion)).toBe(false);
});

test('a proxy that names itself or the client makes nobody local', () => {
  const traces = [
    ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-server', 'forwarded', 'via'],
    ...['x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'x-original-forwarded-for', 'cdn-loop'],
  ];
  for (const name of traces) expect(from({ ...page, [name]: '127.0.0.1' }), name).toBe(false);
});
