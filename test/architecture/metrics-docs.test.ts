import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { metrics, openMetrics, sources } from '@syncline/metrics';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Query, type Rule, read, readPanels, readRules, runbookNames, type Use, usesOf } from './metrics.js';

type Panels = Awaited<ReturnType<typeof readPanels>>;

let rules: readonly Rule[];
let panels: Panels;
let queries: readonly Query[];
/** Names that a process tells beside those of ours. */
let others: ReadonlySet<string>;
beforeAll(async () => {
  rules = await readRules();
  panels = await readPanels();
  const shown = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, text: expr })));
  queries = [...rules.map(({ query }) => query), ...shown];
  const told = await openMetrics({ service: 'api', version: '0', connectors: [] });
  others = new Set(
    [...(await told.text()).matchAll(/^# TYPE ((?:process|nodejs)_\w+)/gm)].map(([, name = '']) => name),
  );
  told.close();
});

/** Prometheus adds these to everything that it scrapes, and `le` to histograms. */
const ofPrometheus = ['job', 'instance'];

/** What is wrong with a use of a metric; undefined for nothing. */
function wrongWith({ name, labels }: Use): string | undefined {
  if (name === 'up') return undefined;
  const [base = name, suffix] = name.split(/_(bucket|sum|count)$/);
  const definition = name in metrics ? metrics[name as keyof typeof metrics] : metrics[base as keyof typeof metrics];
  if (definition === undefined) return others.has(name) ? undefined : `${name} is told by nobody`;
  const isHistogram = definition.type === 'histogram';
  if (isHistogram !== (suffix !== undefined)) return `${name} is a ${definition.type}`;
  const known = [...Object.keys(definition.labels), ...ofPrometheus, ...(suffix === 'bucket' ? ['le'] : [])];
  const unknown = labels.filter((label) => label !== '' && !known.includes(label));
  return unknown.length === 0 ? undefined : `${name} has no label ${unknown.join()}`;
}

describe('what is measured', () => {
  it('keeps the conventions of Prometheus', () => {
    for (const [name, { type, help, labels }] of Object.entries(metrics)) {
      expect(name).toMatch(/^syncline_[a-z_]+$/);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(help.length).toBeGreaterThan(10);
      // What grows with use: a series for each would be kept for ever.
      expect([name, Object.keys(labels).filter((label) => /id$|path|url|message|connection|job/.test(label))]).toEqual([
        name,
        [],
      ]);
    }
  });

  it('is in docs/metrics.md, with its type, its labels and who tells it, and nothing else is', async () => {
    const row = /^\| `(syncline_\w+)` \| (\w+) \| (.*?) \| (\w+) \| .+ \|$/;
    const rows = (await read('docs/metrics.md')).split('\n').flatMap((line) => {
      const [, name, type, labels = '', told] = row.exec(line) ?? [];
      return name === undefined ? [] : [{ name, type, labels: labels.replaceAll('`', ''), told }];
    });
    const wanted = Object.entries(metrics).map(([name, { type, labels, told }]) => ({
      ...{ name, type, told },
      labels: Object.keys(labels).join(', '),
    }));
    expect(rows).toEqual(wanted);
  });

  it('has every source of the fleet as a value of its label', () => {
    expect(metrics.syncline_scrape_errors_total.labels.source).toEqual(sources);
  });
});

describe('the dashboard and the alert rules', () => {
  it('ask only for what is told, with labels that it has', () => {
    expect(queries.length).toBeGreaterThan(60);
    const wrong = queries.flatMap(({ where, text }) =>
      usesOf(text).flatMap((use) => {
        const what = wrongWith(use);
        return what === undefined ? [] : [`${where}: ${what}`];
      }),
    );
    expect(wrong).toEqual([]);
    expect(queries.filter(({ text }) => usesOf(text).length === 0)).toEqual([]);
  });

  it('leave out nothing that is measured', () => {
    const used = new Set(
      queries.flatMap(({ text }) => usesOf(text).map(({ name }) => name.replace(/_(bucket|sum|count)$/, ''))),
    );
    const unseen = Object.keys(metrics).filter((name) => !used.has(name) && !used.has(name.replace(/_count$/, '')));
    expect(unseen).toEqual([]);
  });

  it('take the largest of what several APIs tell alike, and never add it up', () => {
    const fleet = Object.entries(metrics).flatMap(([name, { told }]) => (told === 'fleet' ? [name] : []));
    const wrong = queries.filter(({ text }) =>
      fleet.some((name) => new RegExp(`(?<!max(?: by \\([^)]*\\))? ?\\()\\b${name}\\b`).test(text)),
    );
    expect(wrong).toEqual([]);
  });

  it('has panels in each row that do not lie on one another', () => {
    const cells = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(cells.get(`${x} ${y}`), `${title} at ${x}, ${y}`).toBeUndefined();
          cells.set(`${x} ${y}`, title);
        }
      }
    }
    const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual([
      ...['Overview', 'Freshness', 'Runs', 'Vendors and their budgets', 'Queues'],
      ...['Failures', 'Webhooks', 'Processes'],
    ]);
  });
});

describe('every alert', () => {
  it('has a runbook that says what it means, how to see it and how to mend it; and every runbook has an alert', async () => {
    expect(rules.length).toBeGreaterThan(10);
    expect((await runbookNames()).sort()).toEqual(rules.map(({ name }) => name).sort());
    for (const { name, severity, runbook } of rules) {
      expect(runbook).toBe(`docs/runbooks/${name}.md`);
      expect(['critical', 'warning']).toContain(severity);
      const headings = (await read(runbook)).split('\n').filter((line) => line.startsWith('#'));
      expect([name, headings]).toEqual([
        name,
        [`# ${name}`, '## What it means', '## How to see it', '## How to mend it'],
      ]);
    }
  });

  it('is in docs/metrics.md and in the list of runbooks, and has a test', async () => {
    const [docs, list, tests] = await Promise.all(
      ['docs/metrics.md', 'docs/runbooks/README.md', 'deploy/prometheus/alerts.test.yml'].map(read),
    );
    for (const { name, severity } of rules) {
      expect(docs).toContain(`| [${name}](runbooks/${name}.md) | ${severity} |`);
      expect(list).toContain(`[${name}](${name}.md)`);
      expect(tests?.split(`alertname: ${name}`).length, name).toBeGreaterThan(1);
    }
  });

  const promtool = (...args: readonly string[]) =>
    spawnSync('promtool', args, {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('../../deploy/prometheus', import.meta.url)),
    });
  const isThere = promtool('--version').status === 0;

  it.skipIf(!isThere)(
    `fires when it should and not else${isThere ? '' : ' (skipped: promtool is not installed)'}`,
    () => {
      expect(promtool('check', 'config', '--syntax-only', 'prometheus.yml')).toMatchObject({ status: 0 });
      expect(promtool('test', 'rules', 'alerts.test.yml')).toMatchObject({ status: 0 });
    },
  );
});
