// Writes the tables of docs/benchmarks.md from bench/results: no figure on that page is typed by hand.
//   node scripts/benchmark-tables.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const [begin, end] = ['<!-- results: begin -->', '<!-- results: end -->'];

const tables = readdirSync(at('bench/results'))
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => table(JSON.parse(readFileSync(at(`bench/results/${file}`), 'utf8'))));

const page = readFileSync(at('docs/benchmarks.md'), 'utf8');
const [before, rest] = page.split(begin);
const after = rest?.split(end)[1];
if (after === undefined) throw new Error(`docs/benchmarks.md has no place for the tables (${begin} … ${end})`);
writeFileSync(at('docs/benchmarks.md'), `${before}${begin}\n\n${tables.join('\n\n')}\n\n${end}${after}`);

function table({ name, what, rows, machine, commit, measuredAt }) {
  const lines = rows.map((row) => `| ${row.figure} | ${shown(row)} | ${row.target ?? ''} |`);
  return [
    `### ${name}`,
    '',
    `${what[0].toUpperCase()}${what.slice(1)}.`,
    '',
    '| figure | measured | wanted |',
    '| --- | ---: | --- |',
    ...lines,
    '',
    `${machine.platform}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}; commit ` +
      `${commit}, ${measuredAt.slice(0, 10)}.`,
  ].join('\n');
}

function shown({ value, unit }) {
  if (unit === 'ratio') return value.toFixed(2);
  if (unit === 's') return `${value.toFixed(1)} s`;
  return `${Math.round(value).toLocaleString('en')} ${unit}`;
}
