import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, record, type Scene } from './scene.js';

const monday = '2025-06-02T10:00:00.000Z';
const tuesday = '2025-06-03T10:00:00.000Z';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
beforeEach(async () => {
  scene = await createScene(bed, ['emails']);
  await scene.write('emails', [email({ body_html: '<p>Hello</p>' }), email({}, 'bare')]);
});
afterAll(() => bed.close());

/** An email as a list has it; what is read in addition is no part of the record. */
function email(values: Record<string, unknown>, id = 'a', time = monday) {
  return record(id, { subject: 'Lease', ...values }, time, { id, subject: 'Lease' });
}
const stored = async (id = 'a') => (await scene.rows('emails'))[id];

describe('the body of an email', () => {
  it('stays when the email is read without it, and the row is not written', async () => {
    const before = await stored();
    expect(await scene.write('emails', [email({}), email({}, 'bare')])).toMatchObject({ updated: 0, unchanged: 2 });
    const after = await stored();
    expect(after).toMatchObject({ body_html: '<p>Hello</p>', last_sync_at: before?.['last_sync_at'] });
    expect([after?.['xmin'], after?.['ctid']]).toEqual([before?.['xmin'], before?.['ctid']]);
  });

  it('stays when something else has changed', async () => {
    const changed = email({ subject: 'Lease, signed' }, 'a', tuesday);
    expect(await scene.write('emails', [changed])).toMatchObject({ updated: 1 });
    expect(await stored()).toMatchObject({
      subject: 'Lease, signed',
      body_html: '<p>Hello</p>',
      source_updated_at: new Date(tuesday),
    });
  });

  it('is replaced by one that was read, also by an empty one', async () => {
    for (const body of ['<p>Hello again</p>', '']) {
      expect(await scene.write('emails', [email({ body_html: body }, 'a', tuesday)])).toMatchObject({ updated: 1 });
      expect((await stored())?.['body_html']).toBe(body);
    }
  });

  it('comes later to an email that has none', async () => {
    expect(await scene.write('emails', [email({ body_html: '<p>Late</p>' }, 'bare')])).toMatchObject({ updated: 1 });
    expect((await stored('bare'))?.['body_html']).toBe('<p>Late</p>');
  });

  it('is there again when a deleted email comes back without it', async () => {
    await sql`update emails set deleted_at = now() where connection_id = ${scene.connection.id}`.execute(bed.db);
    expect((await stored())?.['deleted_at']).not.toBeNull();
    expect(await scene.write('emails', [email({})])).toMatchObject({ updated: 1 });
    expect(await stored()).toMatchObject({ deleted_at: null, body_html: '<p>Hello</p>' });
  });
});
