import type { ChartSeries } from '../../ui/chart.js';

type Point = { readonly at: string } & { readonly [field: string]: unknown };
interface Given {
  readonly points: readonly Point[];
}
/** A field of the points, what the chart calls it, and its colour. */
type Line = readonly [field: string, label: string, color: string];

interface Drawn {
  readonly times: readonly string[];
  readonly series: readonly ChartSeries[];
}

/** Of many series one: at each time the sum of a field over all of them. */
export function sumOf(given: readonly object[], lines: readonly Line[]): Drawn {
  return drawn(given as readonly Given[], lines, (values) => values.reduce((sum, value) => sum + value, 0));
}

/** The same with the largest; null where none has one. */
export function longestOf(given: readonly object[], lines: readonly Line[]): Drawn {
  return drawn(given as readonly Given[], lines, (values) => (values.length === 0 ? null : Math.max(...values)));
}

function drawn(given: readonly Given[], lines: readonly Line[], together: (values: number[]) => number | null): Drawn {
  const times = [...new Set(given.flatMap(({ points }) => points.map(({ at }) => at)))].sort();
  const at = new Map(times.map((time, index) => [time, index]));
  const series = lines.map(([field, label, color]) => {
    const values: number[][] = times.map(() => []);
    for (const { points } of given) {
      for (const point of points) {
        const value = point[field];
        if (typeof value === 'number') values[at.get(point.at) ?? 0]?.push(value);
      }
    }
    return { label, color, values: values.map(together) };
  });
  return { times, series };
}
