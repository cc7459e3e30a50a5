import { askApi, interrupted } from '../sync/ask-api.js';
import { reportOf } from './report.js';
import { type Verification, type VerifyApi, verifyApi, watch } from './verify-api.js';

export interface VerifyCommand {
  readonly connection: string;
  readonly entities?: readonly string[];
  readonly repair: boolean;
  readonly organization?: string;
  readonly url?: string;
}

/** Both sides were compared, and differ. */
const differ = 3;
/** Findings that are shown one by one. */
const shown = 20;

/**
 * `syncline verify`: orders a verification by the API and waits for its end; with `--repair` has repaired what it found,
 * and looks once more. Ends with exit code 0 for a clean set, 3 where something differs, 1 when it could not be found out.
 * Ctrl-C ends the waiting and leaves the verification alone.
 *
 * Throws EnvironmentError without a key.
 */
export async function runVerify(command: VerifyCommand): Promise<void> {
  await askApi(command.url, (api, signal) => verify(verifyApi(api, command.organization), command, signal));
}

async function verify(api: VerifyApi, command: VerifyCommand, signal: AbortSignal): Promise<number> {
  const { connection, entities = [] } = command;
  const first = await lookOnce(api, connection, entities, signal);
  if (first === undefined) return interrupted;
  if (first.status !== 'done') return 1;
  if (first.findings === 0) return 0;
  if (!command.repair) {
    say(`To repair it: the same command with --repair, or POST /api/v1/verifications/${first.id}/repair`);
    return differ;
  }
  const repaired = await repair(api, first, signal);
  if (repaired !== 0) return repaired;
  const second = await lookOnce(api, connection, entities, signal);
  if (second === undefined) return interrupted;
  if (second.status !== 'done') return 1;
  return second.findings === 0 ? 0 : differ;
}

/** Undefined when it was interrupted. */
async function lookOnce(
  api: VerifyApi,
  connection: string,
  entities: readonly string[],
  signal: AbortSignal,
): Promise<Verification | undefined> {
  const { id } = await api.start(connection, entities);
  say(`Verification ${id} ordered`);
  const last = await follow(api, id, ({ status }) => status !== 'queued' && status !== 'running', signal);
  if (signal.aborted || last === undefined) return undefined;
  for (const line of reportOf(last, last.findings === 0 ? [] : await api.findings(id, shown))) say(line);
  return last;
}

async function repair(api: VerifyApi, { id }: Verification, signal: AbortSignal): Promise<number> {
  await api.repair(id);
  say('Repair ordered');
  const last = await follow(api, id, (verification) => verification.repair !== 'asked', signal);
  if (signal.aborted || last === undefined) return interrupted;
  if (last.repair === 'done') return 0;
  say(`The repair failed: ${last.repairError}`);
  return 1;
}

async function follow(
  api: VerifyApi,
  id: string,
  isOver: (verification: Verification) => boolean,
  signal: AbortSignal,
): Promise<Verification | undefined> {
  let last: Verification | undefined;
  let told = '';
  for await (const verification of watch(api, id, isOver, signal)) {
    last = verification;
    const current = verification.entities.find(({ status }) => status === 'reading' || status === 'checking');
    const { waitingFor, waitingUntil } = verification;
    // When a sync will have ended nobody knows: it is looked for again and again.
    const when = waitingFor === 'repair' || waitingFor === 'SYNC_ALREADY_RUNNING' ? '' : until(waitingUntil);
    const waits = waitingFor === null ? '' : `waits for ${whatFor(waitingFor)}${when}`;
    const step = `${current?.entity ?? ''} ${current?.status ?? ''} ${waitingFor}`;
    const reading = current === undefined ? '' : `${current.entity}: ${current.status}, ${current.records} records`;
    const line = [reading, waits].filter((part) => part !== '').join('; ');
    if (line !== '' && step !== told) say(`  ${line}`);
    told = step;
  }
  if (signal.aborted) say('Not followed any more; it goes on.');
  return last;
}

/** By the codes of the catalogue. */
const reasons: Readonly<Record<string, string>> = {
  BUDGET_WAIT: "what others leave of the vendor's budget",
  CIRCUIT_OPEN: 'a vendor that failed several times in a row',
  SYNC_ALREADY_RUNNING: 'another sync of the connection',
  repair: 'the sync that repairs it',
};

function whatFor(code: string): string {
  return reasons[code] ?? `better times (${code})`;
}

/** The minute by which it goes on, in UTC as everywhere. */
function until(time: string | null): string {
  return time === null ? '' : `, until ${time.slice(11, 19)} UTC at the latest`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
