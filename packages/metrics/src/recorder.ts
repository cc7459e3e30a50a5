import type { LabelsOf, NamesOf } from './definition.js';
import type { Metrics } from './metrics.js';

export type GaugeName = NamesOf<Metrics, 'gauge'>;

/** What a gauge stands at for one set of labels. */
export interface Reading<Name extends keyof Metrics> {
  readonly labels: LabelsOf<Metrics[Name]>;
  readonly value: number;
}

/**
 * What code that has something to tell is given: it knows names and labels, and no library. Where metrics are off there
 * is none, and `recorder?.count(…)` costs nothing.
 */
export interface Recorder {
  /** Adds to a counter: one, or `by`. */
  count<Name extends NamesOf<Metrics, 'counter'>>(name: Name, labels: LabelsOf<Metrics[Name]>, by?: number): void;
  /** Adds a value, in the unit that the name ends with, to a histogram. */
  observe<Name extends NamesOf<Metrics, 'histogram'>>(name: Name, labels: LabelsOf<Metrics[Name]>, value: number): void;
  /**
   * Has a gauge asked for at each scrape; what was told before is forgotten. Sets of labels that could be told, and are
   * not, are 0. When `read` fails, the gauge is absent. It is watched by one at a time: the last one who asked for it.
   */
  watch<Name extends GaugeName>(
    name: Name,
    read: () => readonly Reading<Name>[] | Promise<readonly Reading<Name>[]>,
  ): void;
}
