import type { MapOutcome } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { openPracticePanther } from './practicepanther-vendor.js';

const oneEmail = /\/emails\/./;
const emailList = /\/emails$/;
const always = { settings: { emailBodies: 'always' } };
const bodyOf = (outcome: MapOutcome | undefined) => outcome && 'ok' in outcome && outcome.ok.values['body_html'];

describe('bodies of emails, over HTTP', () => {
  it('are those of the vendor, for a request each', async () => {
    const { simulator, read, asked } = await openPracticePanther({ contacts: 50, emails: 130 });
    const emails = await read('emails', always);
    expect(asked(oneEmail)).toBe(130);
    for (const id of simulator.store.ids('emails')) {
      expect(bodyOf(emails.get(id)), id).toBe(simulator.store.record('emails', id)?.['body_html'] ?? '');
    }
  });

  it('cost nothing in a full sync of old emails, and a request for each that has changed in an incremental one', async () => {
    const { simulator, read, asked } = await openPracticePanther({ contacts: 50, emails: 130 });
    const { clock, store } = simulator;
    clock.set(Date.parse('2030-01-01T00:00:00Z'));
    const old = await read('emails');
    expect([asked(oneEmail), old.size]).toEqual([0, 130]);
    const since = new Date(clock.nowMs());
    simulator.requests.reset();
    const { edited } = store.mutate({ edits: { emails: 7 } });
    const changed = await read('emails', { since });
    expect([...changed.keys()].sort()).toEqual([...edited.emails].sort());
    for (const [id, outcome] of changed) expect(bodyOf(outcome)).toBe(store.record('emails', id)?.['body_html']);
    expect(asked(oneEmail)).toBe(7);
    simulator.requests.reset();
    await read('emails', { since: new Date(clock.nowMs() + 1) });
    expect([asked(emailList), asked(oneEmail)]).toEqual([1, 0]);
  });

  it('are not asked for where lists have them', async () => {
    const { simulator, read, asked } = await openPracticePanther({ contacts: 50, quirks: { emailBodiesListed: true } });
    const emails = await read('emails', always);
    expect(asked(oneEmail)).toBe(0);
    const [first] = simulator.store.records('emails');
    expect(bodyOf(emails.get(String(first?.['id'])))).toBe(first?.['body_html']);
  });

  it('that are gone when they are asked for leave the email as it is, flagged', async () => {
    const { simulator, read } = await openPracticePanther({ contacts: 50, emails: 30 });
    const [, gone = ''] = simulator.store.ids('emails');
    const fault = simulator.faults.add({ match: { path: `/emails/${gone}` }, action: { status: 404 } });
    const emails = await read('emails', always);
    expect(simulator.faults.hits(fault)).toBe(1);
    expect(emails.size).toBe(30);
    expect(emails.get(gone)).toMatchObject({
      ok: { flags: [{ field: 'body_html', code: 'UNREADABLE', value: 'UPSTREAM_REJECTED' }] },
    });
    const others = [...emails.values()].filter((outcome) => typeof bodyOf(outcome) === 'string');
    expect(others).toHaveLength(29);
  });
});
