import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { type Strike, strikeMark } from './strike.js';

// Loaded into a worker before its own code (see strike.ts): strikes at the boundary that the test names.

interface BoundaryMessage {
  readonly boundary: string;
  readonly entity: string;
  readonly hold: (promise: Promise<unknown>) => void;
}

const { boundary, entity, nth = 1, action } = JSON.parse(process.env['STRIKE'] ?? '{}') as Strike;
let met = 0;

subscribe('syncline:boundary', (message) => {
  const now = message as BoundaryMessage;
  if (now.boundary !== boundary || (entity !== undefined && now.entity !== entity)) return;
  met += 1;
  if (met !== nth) return;
  // Written at once: after this line there may be no process that could flush a stream.
  writeSync(1, `${strikeMark}${boundary} of ${now.entity}\n`);
  if (action === 'hold') now.hold(once(process, 'SIGUSR2'));
  else process.kill(process.pid, action);
});
