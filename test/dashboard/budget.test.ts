import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const dist = fileURLToPath(new URL('../../apps/dashboard/dist/', import.meta.url));
const compressed = (name: string) => statSync(`${dist}assets/${name}.br`).size;

// What a page weighs is decided in many small steps, of which none looks large: here the sum has to be looked at.

it('the dashboard is there at once: what the first page needs stays within 180 KB', () => {
  const html = readFileSync(`${dist}index.html`, 'utf8');
  const first = [...html.matchAll(/(?:src|href)="\/app\/assets\/([^"]+)"/g)].map(([, name = '']) => name);
  expect(first.length).toBeGreaterThan(1);
  expect(first.reduce((sum, name) => sum + compressed(name), 0) / 1024).toBeLessThan(180);
});

it('and no page brings more than 40 KB of its own', () => {
  const html = readFileSync(`${dist}index.html`, 'utf8');
  const later = readdirSync(`${dist}assets`).filter((name) => /\.(js|css)$/.test(name) && !html.includes(name));
  expect(later.length).toBeGreaterThan(8);
  expect(later.filter((name) => compressed(name) > 40 * 1024)).toEqual([]);
});

it('nothing of it comes from elsewhere, and no script stands in the page', () => {
  const html = readFileSync(`${dist}index.html`, 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=|style=/);
  expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].filter(([, at = '']) => !at.startsWith('/app/'))).toEqual([]);
});
