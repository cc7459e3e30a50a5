import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { agencyDays } from '../model/agency-actions.js';
import { liveAgencyDay, watchClients } from '../model/agency-day.js';
import { explore, patience } from '../model/explore.js';
import { soak } from './settings.js';

// The long form of test/model/agency-day.test.ts: hazards V1, H and W3.

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
  await watchClients(bed.db);
});
afterAll(() => bed.close());

describe('a long day of edits of which half of the webhooks are dropped', () => {
  it(
    'ends with every client as it is at the vendor',
    () => explore(soak.seconds, agencyDays(150), (actions) => liveAgencyDay(bed, actions)),
    patience(soak.seconds),
  );
});
