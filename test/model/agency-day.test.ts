import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { agencyDays } from './agency-actions.js';
import { liveAgencyDay, watchClients } from './agency-day.js';
import { explore, patience } from './explore.js';

// Hazards V1, H and W3: webhooks that are dropped, doubled and late, syncs between them, and whoever dies on the way.

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
  await watchClients(bed.db);
});
afterAll(() => bed.close());

const seconds = 3;

describe('a day of edits of which half of the webhooks are dropped', () => {
  it(
    'ends with every client as it is at the vendor',
    () => explore(seconds, agencyDays(50), (actions) => liveAgencyDay(bed, actions)),
    patience(seconds),
  );
});
