import { practicePanther } from '@syncline/connectors';
import type { Fault, SimulatorOptions } from '@syncline/connectors/practicepanther/simulator';
import type { Action, FaultKind, QuirkKind } from './actions.js';
import type { Part, Play } from './play.js';

const faults: Record<FaultKind, Fault['action']> = {
  error: { status: 503 },
  'rate-limit': { status: 429, headers: { 'retry-after': '30' } },
  truncated: { body: 'truncated' },
  html: { body: 'html' },
  empty: { body: 'empty' },
  null: { body: 'null' },
  object: { body: 'object' },
  reset: { resetAfterBytes: 20 },
  'bad-time': { status: 400, body: '{"Message":"The date is not valid."}' },
  forbidden: { status: 403 },
};

const quirks: Record<QuirkKind, NonNullable<SimulatorOptions['quirks']>> = {
  none: {},
  'ignore-skip': { ignoreSkip: true },
  'ignore-paging': { ignorePaging: true },
  'repeat-rows': { repeatRows: 2 },
  'newest-first': { forceOrder: 'newest' },
  shuffled: { forceOrder: 'shuffled' },
};

/** Has one thing happen. What cannot happen at the moment is left out. */
export async function perform(play: Play, action: Action): Promise<void> {
  const { town, vendor } = play;
  switch (action.do) {
    case 'edit':
      return vendor.edit(action.entity, action.which, action.lagMs);
    case 'retouch':
      return vendor.retouch();
    case 'create':
      return vendor.create(action.entity, action.which, action.lagMs);
    case 'delete':
      return vendor.delete(action.entity, action.which);
    case 'restore':
      return vendor.restore(action.entity);
    case 'share':
      return vendor.share(action.entity, action.count);
    case 'poison':
      return vendor.poison(action.entity, action.which, action.byPostgres);
    case 'mend':
      return vendor.mend();
    case 'clock':
      return vendor.advance(action.seconds);
    case 'fault':
      return void town.simulator.faults.add({ match: { times: action.times }, action: faults[action.kind] });
    case 'quirk':
      town.simulator.setQuirks();
      return town.simulator.setQuirks(quirks[action.kind]);
    case 'calm':
      town.simulator.faults.clear();
      town.simulator.setQuirks();
      return town.newRoad();
    case 'flush':
      return town.flush();
    case 'settings':
      return town.configure(withoutName(action));
    default:
      return performInEngine(play, action);
  }
}

function withoutName({ do: _, ...settings }: Extract<Action, { do: 'settings' }>) {
  return settings;
}

async function performInEngine(play: Play, action: Action): Promise<void> {
  switch (action.do) {
    case 'trigger':
      return play.proceed(
        play.trigger(action.mode, action.only === null ? [] : [action.only]),
        action.steps,
        action.fate,
      );
    case 'step':
      return play.proceed(await nextPart(play, action.queue), action.steps, action.fate);
    case 'stray': {
      const stray = await strayTurn(play, action.entity);
      return stray && play.proceed(stray, action.steps, action.fate);
    }
    case 'both': {
      const delivery = await play.town.carrier.next(action.queue);
      if (delivery === undefined) return;
      const parts = [play.turn(delivery.payload, delivery), play.turn(delivery.payload)];
      const order = action.order.values();
      return play.town.stage.together(
        parts.map(({ actor }) => actor),
        () => order.next().value ?? 0,
      );
    }
    case 'go': {
      const part = play.halted[action.who % play.halted.length];
      return part && play.proceed(part, action.steps, action.fate);
    }
    case 'lapse':
      return void (await play.lapse(action.who));
    case 'look':
      return play.proceed(play.look(), action.steps, action.fate);
    case 'cancel': {
      const cancelling = await play.cancel();
      return cancelling && play.proceed(cancelling, 0, 'run');
    }
    case 'stop':
      return play.proceed(play.stop(), 0, 'run');
    case 'restart':
      return play.proceed(play.restart(), 0, 'run');
    default:
      throw new Error(`nobody knows how to do ${action.do}`);
  }
}

/** Whoever has something to do: a worker with a step that a queue holds, else those who see to it that there is one. */
async function nextPart(play: Play, queue: number): Promise<Part> {
  const delivery = await play.town.carrier.next(queue);
  if (delivery !== undefined) return play.turn(delivery.payload, delivery);
  if ((await play.liveJobs()).length === 0) {
    return (await play.isStopped()) ? play.restart() : play.trigger(queue === 0 ? 'full' : 'incremental', []);
  }
  if (await play.isStopped()) return play.restart();
  await play.lapse();
  return play.look();
}

async function strayTurn(play: Play, entity: string | null): Promise<Part | undefined> {
  const [live = play.lastJob] = await play.liveJobs();
  if (live === undefined) return undefined;
  const { organizationId } = play;
  const payload = { v: 1, syncJobId: live, organizationId, connector: practicePanther.id } as const;
  return play.turn(entity === null ? payload : { ...payload, entity });
}
