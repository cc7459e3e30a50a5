import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface Measurement {
  readonly name: string;
  readonly what: string;
  readonly rows: readonly { figure: string; value: number; unit: string; target?: string }[];
  /** Everything measured, for whoever wants to look closer. */
  readonly raw: unknown;
}

/** Decimals of the units that need some. */
const digits: Readonly<Record<string, number>> = { ratio: 2, s: 1 };

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** So many percent are not above it. Not a number where any of them is none. */
export function percentile(values: readonly number[], percent: number): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

/** Prints a measurement as a table and keeps it, with machine and commit, in bench/results. */
export function report(measurement: Measurement): void {
  const { name, what, rows } = measurement;
  console.log(`\n${name}: ${what}`);
  for (const { figure, value, unit, target } of rows) {
    const shown = digits[unit] === undefined ? Math.round(value).toLocaleString('en') : value.toFixed(digits[unit]);
    console.log(`  ${figure.padEnd(28)} ${shown.padStart(10)} ${unit}${target === undefined ? '' : `   (${target})`}`);
  }
  const folder = fileURLToPath(new URL('../results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const kept = { measuredAt: new Date().toISOString(), commit: commit(), machine: machine(), ...measurement };
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(kept, null, 2)}\n`);
}

function machine() {
  const [cpu] = cpus();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  return {
    platform: `${platform()} ${arch()}`,
    cpu: cpu?.model,
    cores: cpus().length,
    memoryGiB,
    node: process.version,
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
