import { readdir, readFile } from 'node:fs/promises';

const root = new URL('../../', import.meta.url);
export const read = (path: string) => readFile(new URL(path, root), 'utf8');

/** A query of PromQL that somebody relies on, and where it stands. */
export interface Query {
  readonly where: string;
  readonly text: string;
}

export interface Rule {
  readonly name: string;
  readonly severity: string;
  readonly runbook: string;
  readonly query: Query;
}

/** The alert rules, as far as they have to be read: their file has one form. */
export async function readRules(): Promise<readonly Rule[]> {
  const [, ...blocks] = (await read('deploy/prometheus/alerts.yml')).split('- alert: ');
  return blocks.map((block) => {
    const name = /^\w+/.exec(block)?.[0] ?? '';
    const expr = /expr: (?:\|\n)?([\s\S]*?)\n {8}for:/.exec(block)?.[1] ?? '';
    return {
      name,
      severity: /severity: (\w+)/.exec(block)?.[1] ?? '',
      runbook: /runbook_url: (\S+)/.exec(block)?.[1] ?? '',
      query: { where: name, text: expr },
    };
  });
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

export async function readPanels(): Promise<readonly Panel[]> {
  const { panels } = JSON.parse(await read('deploy/grafana/dashboards/syncline.json')) as { panels: Panel[] };
  return panels;
}

export async function runbookNames(): Promise<string[]> {
  const files = await readdir(new URL('docs/runbooks', root));
  return files.filter((file) => file !== 'README.md').map((file) => file.replace(/\.md$/, ''));
}

/** What a query asks of a metric: its name, and labels that it chooses or groups by. */
export interface Use {
  readonly name: string;
  readonly labels: readonly string[];
}

/**
 * The metrics of a query. Labels that it groups by belong to each of them; those after `offset`, `or vector(0)` and the like are none.
 */
export function usesOf(text: string): readonly Use[] {
  const grouped = [...text.matchAll(/\b(?:by|without|on) \(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  return [...text.matchAll(/\b((?:syncline|nodejs|process|up)(?:_\w+)?)\b(?:\{([^}]*)\})?/g)].map(
    ([, name = '', matchers = '']) => ({
      name,
      labels: [...[...matchers.matchAll(/(\w+)(?==~|=|!=|!~)/g)].map(([label]) => label), ...grouped],
    }),
  );
}
