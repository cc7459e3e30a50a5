import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

export interface Visit {
  readonly page: Page;
  /** What the browser complained of: errors of scripts, and whatever the Content-Security-Policy refused. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface VisitOptions {
  /** As wide as a phone. */
  readonly isPhone?: boolean;
  readonly isDark?: boolean;
}

/** Chromium without a window. Its own sandbox does not work for root, and what it opens here is ours. */
export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A visitor who has never been here: no cookies, no storage. */
export async function visit(browser: Browser, baseURL: string, { isPhone, isDark }: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    baseURL,
    viewport: isPhone ? { width: 390, height: 844 } : { width: 1280, height: 860 },
    colorScheme: isDark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Dublin',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => void complaints.push(message));
  page.on('console', (said) => {
    // What the server answered with 4xx is the page's to show, and no fault of its own; nor are Bull Board's fonts.
    const isOurs = !said.location().url.includes('/admin/queues');
    if (said.type() === 'error' && isOurs && !/Failed to load resource/.test(said.text())) complaints.push(said.text());
  });
  return { page, complaints, close: () => context.close() };
}

let axe: Promise<string> | undefined;

/** Looks at the page as it stands for what keeps people out: WCAG 2.2, levels A and AA. */
export async function expectAccessible(page: Page): Promise<void> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(await axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations, passes } = await page.evaluate<Pick<AxeResults, 'violations' | 'passes'>>(
    `axe.run({ exclude: ['iframe'] }, { runOnly: ${JSON.stringify(tags)} })`,
  );
  expect(passes.length, 'something was looked at').toBeGreaterThan(10);
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`),
    page.url(),
  ).toEqual([]);
}
