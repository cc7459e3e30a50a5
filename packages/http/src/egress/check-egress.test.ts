import { isSyncError } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { checkEgress } from './check-egress.js';

function refused(url: string, allow: readonly string[] = []): boolean {
  try {
    checkEgress(url, allow);
    return false;
  } catch (error) {
    if (isSyncError(error, 'EGRESS_REFUSED')) return true;
    throw error;
  }
}

describe('checkEgress', () => {
  it.each([
    // Loopback, in every spelling.
    'https://127.0.0.1',
    'https://127.0.0.1:8443/x',
    'https://127.1',
    'https://127.255.255.254',
    'https://2130706433',
    'https://0x7f.1',
    'https://0x7f000001',
    'https://0177.0.0.1',
    'https://017700000001',
    'https://127.0.0.1.',
    'https://①②⑦.⓪.⓪.①',
    'https://127。0。0。1',
    'https://%31%32%37.0.0.1',
    'https://[::1]',
    'https://[0:0:0:0:0:0:0:1]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[::127.0.0.1]',
    'https://localhost',
    'https://LOCALHOST',
    'https://localhost.',
    'https://ⓛocalhost',
    'https://x.localhost',
    // Unspecified, private, shared, link-local.
    'https://0.0.0.0',
    'https://0',
    'https://[::]',
    'https://10.0.0.1',
    'https://10.255.255.255',
    'https://172.16.0.1',
    'https://172.31.255.255',
    'https://192.168.1.1',
    'https://3232235777',
    'https://[::ffff:c0a8:101]',
    'https://100.64.0.1',
    'https://100.100.100.200',
    'https://169.254.169.254/latest/meta-data/',
    'https://0xa9fea9fe',
    'https://[::ffff:169.254.169.254]',
    'https://[fe80::1]',
    'https://[fc00::1]',
    'https://[fd00:ec2::254]',
    'https://[fec0::1]',
    // Multicast, reserved, benchmarking, documentation.
    'https://224.0.0.1',
    'https://240.0.0.1',
    'https://255.255.255.255',
    'https://192.0.0.1',
    'https://198.18.0.1',
    'https://192.0.2.1',
    'https://198.51.100.1',
    'https://203.0.113.1',
    'https://[ff02::1]',
    'https://[2001:db8::1]',
    'https://[100::1]',
    // A private IPv4 address inside of an IPv6 one: 6to4, NAT64 (well-known and local), translated, Teredo.
    'https://[2002:c0a8:101::1]',
    'https://[64:ff9b::c0a8:101]',
    'https://[64:ff9b:1::c0a8:101]',
    'https://[::ffff:0:192.168.1.1]',
    'https://[2001:0:c0a8:101::1]',
    // Names of a local network.
    'https://redis',
    'https://metadata',
    'https://metadata.google.internal',
    'https://printer.local',
    'https://api.example.com.',
    // Users, schemes, nonsense.
    'https://api.example.com@127.0.0.1',
    'https://user@api.example.com',
    'https://user:secret@api.example.com',
    'https://:secret@api.example.com',
    'http://api.example.com',
    'http://8.8.8.8',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'ftp://api.example.com',
    'data:text/plain,x',
    'javascript:alert(1)',
    'https://',
    'api.example.com',
    '',
    'https://256.256.256.256',
    'https://[::1',
    'https://1.2.3.4.5',
  ])('refuses %s', (url) => {
    expect(refused(url)).toBe(true);
  });

  it.each([
    'https://app.practicepanther.com',
    'https://api.notion.com/v1',
    'https://api.au1.cliniko.com:8443/v1',
    'https://8.8.8.8',
    'https://172.32.0.1',
    'https://100.128.0.1',
    'https://[2606:4700:4700::1111]',
    'https://[64:ff9b::808:808]',
    'https://[::ffff:8.8.8.8]',
    'https://bücher.example.com',
  ])('lets %s through', (url) => {
    expect(refused(url)).toBe(false);
  });

  it('lets an allowed host through on exactly its port, with and without TLS', () => {
    const allow = ['localhost:4010', '127.0.0.1:80', '[::1]:4011'];
    expect(refused('http://localhost:4010/api', allow)).toBe(false);
    expect(refused('https://LOCALHOST:4010', allow)).toBe(false);
    expect(refused('http://127.1', allow)).toBe(false);
    expect(refused('http://[::1]:4011', allow)).toBe(false);

    expect(refused('http://localhost:4011', allow)).toBe(true);
    expect(refused('http://localhost', allow)).toBe(true);
    expect(refused('https://127.0.0.1', allow)).toBe(true);
    expect(refused('http://x.localhost:4010', allow)).toBe(true);
    expect(refused('http://localhost.:4010', allow)).toBe(true);
    expect(refused('http://user@localhost:4010', allow)).toBe(true);
    expect(refused('ftp://localhost:4010', allow)).toBe(true);
  });

  it.each(['localhost', 'localhost:', ':80', 'http://localhost:80', '*:80 '])(
    'does not take "%s" as an entry',
    (entry) => {
      expect(() => checkEgress('https://api.example.com', [entry])).toThrow(TypeError);
    },
  );

  it('keeps user names and passwords out of the error', () => {
    try {
      checkEgress('https://user:hunter2@api.example.com', []);
    } catch (error) {
      expect(JSON.stringify([error, String(error)])).not.toMatch(/user:|hunter2/);
    }
    expect.assertions(1);
  });
});
