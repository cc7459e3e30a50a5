import { afterAll, beforeAll, describe, it } from 'vitest';
import { explore, patience } from './explore.js';
import { breakGround, type Ground } from './ground.js';
import { meet, meetings, takeOver } from './meeting.js';

let ground: Ground;
beforeAll(async () => {
  ground = await breakGround();
});
afterAll(() => ground.close());

const seconds = 5;

describe('whoever meets at a connection, in whatever order they do their steps', () => {
  it(
    'there is one live job, rows come with their checkpoints, no zombie writes, and nothing is missing in the end',
    () => explore(seconds, meetings, (meeting) => meet(ground, meeting)),
    patience(seconds),
  );

  it.each([
    ['asks for a page', ['GET accounts']],
    ['is about to write one', ['GET accounts', 'begin']],
    ['is about to commit one', ['GET accounts', 'begin', 'commit']],
    ['is about to write another one', ['GET accounts', 'begin', 'commit', 'begin']],
  ])('a worker commits nothing once another one has claimed its run: one that %s', (_what, places) =>
    takeOver(ground, places),
  );
});
