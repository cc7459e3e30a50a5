import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartSeries {
  readonly label: string;
  /** A colour of the style sheet: `--good`. */
  readonly color: string;
  /** One for each time; null where there is nothing to show. */
  readonly values: readonly (number | null)[];
}

/** Half a bar's room at both ends, in seconds, where there are at least two. */
function roomFor(times: readonly number[]): number {
  const [first = 0, second = first + 86_400] = times;
  return (second - first) / 2;
}

/** As times are written on the other pages, in the zone of whoever looks. */
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Each with what lies under it: the last of the series stands on the ground. */
function stacked(series: readonly ChartSeries[]): (number | null)[][] {
  return series.map((_, at) =>
    (series[at]?.values ?? []).map((__, time) =>
      series.slice(at).reduce((sum, { values }) => sum + (values[time] ?? 0), 0),
    ),
  );
}

interface ChartProps {
  /** What it shows, for whoever does not see it. */
  readonly label: string;
  /** ISO 8601. */
  readonly times: readonly string[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** Bars stand on each other. */
  readonly kind?: 'bars' | 'lines';
}

const height = 220;

/** Series over time. Beside what is drawn stands a table, for screen readers and for copying. */
export function Chart({ label, times, series, format, kind = 'lines' }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours make another drawing.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: color('--ink-soft'),
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
      font: '11px Inter, sans-serif',
    };
    const x = times.map((time) => Date.parse(time) / 1_000);
    const words = (x.at(-1) ?? 0) - (x[0] ?? 0) > 2 * 86_400 ? days : hours;
    const inWords = (seconds: number) => words.format(seconds * 1_000);
    const room = kind === 'bars' ? roomFor(x) : 0;
    const paths = kind === 'bars' ? uPlot.paths.bars?.({ size: [0.7, 40] }) : undefined;
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        cursor: { points: { size: 6 } },
        scales: {
          x: { range: (_, min, max) => [min - room, max + room] },
          y: { range: (_, __, max) => [0, Math.max(max, 1) * 1.1] },
        },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map(inWords) },
          { ...axis, size: 56, values: (_, ticks) => ticks.map(format) },
        ],
        series: [
          { value: (_, time) => (time === null ? '–' : inWords(time)) },
          ...series.map((one) => ({
            label: one.label,
            stroke: color(one.color),
            width: 2,
            ...(kind === 'bars' && { fill: color(one.color), width: 0 }),
            ...(paths && { paths }),
            // A point without neighbours makes no line.
            points: kind === 'bars' ? { show: false } : { size: 4 },
            value: (_: uPlot, __: unknown, ___: number, at: number | null) => {
              const value = at === null ? null : one.values[at];
              return value === null || value === undefined ? '–' : format(value);
            },
          })),
        ],
      },
      [x, ...(kind === 'bars' ? stacked(series) : series.map(({ values }) => [...values]))],
      element,
    );
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [times, series, format, kind, theme]);

  return (
    <figure aria-label={label} className="px-2 py-3">
      <div ref={place} aria-hidden="true" className="w-full overflow-hidden text-xs" />
      <div className="sr-only">
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {series.map((one) => (
                <th key={one.label} scope="col">
                  {one.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((time, at) => (
              <tr key={time}>
                <th scope="row">{time}</th>
                {series.map((one) => (
                  <td key={one.label}>
                    {one.values[at] === null || one.values[at] === undefined ? 'none' : format(one.values[at])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** Changes when the page turns light or dark. */
function useTheme(): boolean {
  const [isDark, setDark] = useState(() => document.documentElement.classList.contains('dark'));
  useEffect(() => {
    const seen = new MutationObserver(() => setDark(document.documentElement.classList.contains('dark')));
    seen.observe(document.documentElement, { attributeFilter: ['class'] });
    return () => seen.disconnect();
  }, []);
  return isDark;
}
