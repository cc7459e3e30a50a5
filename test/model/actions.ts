import type { FirmEntity } from './firm-entities.js';

/**
 * What happens to somebody in the middle of something: goes on to the end; dies; is halted, to go on later; is told to
 * stop, or that others wait; its database sessions end; the answer to its next COMMIT is lost.
 */
export type Fate = 'run' | 'die' | 'halt' | 'stop' | 'yield' | 'cut' | 'lose';

export type FaultKind =
  | 'error'
  | 'rate-limit'
  | 'truncated'
  | 'html'
  | 'empty'
  | 'null'
  | 'object'
  | 'reset'
  | 'bad-time'
  | 'forbidden';

export type QuirkKind = 'none' | 'ignore-skip' | 'ignore-paging' | 'repeat-rows' | 'newest-first' | 'shuffled';

/** A thing that happens in a town, as plain data: a list of them can be shrunk, printed and kept. */
export type Action =
  // At the vendor
  | { do: 'edit'; entity: FirmEntity; which: number; lagMs: number }
  /** What was edited last is edited once more, in the very same moment. */
  | { do: 'retouch' }
  | { do: 'create'; entity: FirmEntity; which: number; lagMs: number }
  | { do: 'delete'; entity: FirmEntity; which: number }
  | { do: 'restore'; entity: FirmEntity }
  | { do: 'share'; entity: FirmEntity; count: number }
  | { do: 'poison'; entity: FirmEntity; which: number; byPostgres: boolean }
  | { do: 'mend' }
  | { do: 'clock'; seconds: number }
  | { do: 'fault'; kind: FaultKind; times: number }
  /** From now on the vendor has this quirk and no other. */
  | { do: 'quirk'; kind: QuirkKind }
  | { do: 'calm' }
  // In the engine. Of its steps so many happen, then comes their fate.
  | { do: 'trigger'; mode: 'full' | 'incremental'; only: FirmEntity | null; steps: number; fate: Fate }
  /** A queue delivers a step; if all are empty, somebody sees to it that they are not. */
  | { do: 'step'; queue: number; steps: number; fate: Fate }
  /** A step comes that no queue holds: a second time, too early or too late. */
  | { do: 'stray'; entity: FirmEntity | null; steps: number; fate: Fate }
  /** A step is delivered twice, and both go on at the same time, in this order. */
  | { do: 'both'; queue: number; order: readonly number[] }
  /** One who was halted goes on. */
  | { do: 'go'; who: number; steps: number; fate: Fate }
  /** BullMQ takes a step away from one it has not heard of. */
  | { do: 'lapse'; who: number }
  | { do: 'look'; steps: number; fate: Fate }
  | { do: 'flush' }
  | { do: 'cancel' }
  | { do: 'stop' }
  | { do: 'restart' }
  /** Somebody changes the connection's settings. */
  | { do: 'settings'; maxPages: number; pageSize: number; sweepMaxRows: number };
