import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { entities, expectTruth, versions } from './truth.js';

/** Like the guide's firm it has more than the fifty pages of contacts that the guide's program reads, of a size less. */
describe('a firm of more pages than fifty', () => {
  let firm: Firm;

  beforeAll(async () => {
    firm = await createFirm({
      ...{ contacts: 1_171, accounts: 400, matters: 200, tasks: 300, pageSize: 20 },
      tokenLifeSeconds: 86_399,
    });
    await firm.startWorker();
  });
  afterAll(() => firm.close());

  it('arrives whole in a full sync, record by record', async () => {
    const job = await firm.sync('full');
    expect(job.status).toBe('succeeded');
    expect(entityOf(job, 'contacts').pages).toBeGreaterThan(50);
    const counts = firm.simulator.store.counts();
    for (const entity of entities) {
      const { recordsRead, recordsCreated, recordsFailed, status } = entityOf(job, entity);
      expect({ recordsRead, recordsCreated, recordsFailed, status }).toEqual({
        recordsRead: counts[entity],
        recordsCreated: counts[entity],
        recordsFailed: 0,
        status: 'succeeded',
      });
    }
    await expectTruth(firm.bed, firm.simulator);
  });

  it('is not written again by a second full sync', async () => {
    const before = await versions(firm.bed);
    const job = await firm.sync('full');
    expect(job.status).toBe('succeeded');
    for (const entity of entities) {
      const { recordsRead, recordsUnchanged } = entityOf(job, entity);
      expect(recordsUnchanged).toBe(recordsRead);
    }
    expect(await versions(firm.bed)).toEqual(before);
  });

  it('costs one request a list, and no write, when nothing is new', async () => {
    const before = await versions(firm.bed);
    const requestsBefore = firm.simulator.requests.count;
    const job = await firm.sync('incremental');
    // Custom fields have three lists.
    const lists = (entity: string) => (entity === 'customfields' ? 3 : 1);
    expect(job.entities.map(({ entity, mode, pages }) => ({ entity, mode, pages }))).toEqual(
      entities.map((entity) => ({ entity, mode: 'incremental', pages: lists(entity) })),
    );
    expect(firm.simulator.requests.count - requestsBefore).toBe(entities.length + 2);
    expect(await versions(firm.bed)).toEqual(before);
  });

  it('brings exactly what was edited, added and completed since', async () => {
    // Beyond the overlap, so that what comes is what changed and nothing else.
    firm.simulator.clock.advance(3600);
    await firm.sync('incremental');
    firm.simulator.clock.advance(3600);
    const before = await versions(firm.bed);
    const countsBefore = firm.simulator.store.counts();
    const core = { accounts: 10, contacts: 10, matters: 10, tasks: 10 };
    const rest = { users: 2, customfields: 2, notes: 5, emails: 5, events: 5, timeentries: 5 };
    const changed = firm.simulator.store.mutate({
      seed: 7,
      edits: { ...core, ...rest },
      adds: { accounts: 5, contacts: 5, matters: 5, tasks: 5, ...rest },
      completions: 15,
    });

    const job = await firm.sync('incremental');
    expect(job.status).toBe('succeeded');
    await expectTruth(firm.bed, firm.simulator);

    const after = await versions(firm.bed);
    for (const entity of entities) {
      const rewritten = Object.keys(after[entity] ?? {}).filter((id) => before[entity]?.[id] !== after[entity]?.[id]);
      const asked = [...changed.edited[entity], ...changed.added[entity], ...changed.completed[entity]];
      const allowed = new Set([...asked, ...(entity === 'accounts' ? changed.touched : [])]);
      for (const id of asked) expect(rewritten, `${entity} ${id} was changed`).toContain(id);
      // A matter or contact may be rewritten because its parent was (company, address, client); nothing else may be.
      if (entity === 'accounts') expect(rewritten.filter((id) => !allowed.has(id))).toEqual([]);
      const { recordsCreated, recordsFailed } = entityOf(job, entity);
      const added = firm.simulator.store.counts()[entity] - countsBefore[entity];
      expect(added).toBeGreaterThan(0);
      expect({ recordsCreated, recordsFailed }).toEqual({ recordsCreated: added, recordsFailed: 0 });
    }
  });
});
