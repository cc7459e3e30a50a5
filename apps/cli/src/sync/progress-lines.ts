import type { Progress } from './sync-api.js';

/** Shows how far a sync is: on one line of a terminal that changes, or a line for every step where output is kept. */
export interface ProgressLines {
  show(progress: Progress): void;
  end(): void;
}

export function progressLines(output: NodeJS.WriteStream): ProgressLines {
  let last: string | undefined;
  const isTerminal = output.isTTY === true;
  return {
    show: (progress) => {
      const step = `${progress.status} ${progress.current_step} ${progress.current_operation}`;
      if (isTerminal) output.write(`\r\u001b[2K${lineOf(progress).slice(0, (output.columns ?? 80) - 1)}`);
      else if (step !== last) output.write(`${lineOf(progress)}\n`);
      last = step;
    },
    end: () => {
      if (isTerminal && last !== undefined) output.write('\n');
    },
  };
}

function lineOf({ progress_percentage, records_processed, current_step, current_operation }: Progress): string {
  const percent = `${progress_percentage.toFixed(1).padStart(5)} %`;
  return `${percent} ${String(records_processed).padStart(9)} records  ${current_step}: ${current_operation}`;
}
