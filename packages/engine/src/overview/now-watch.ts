import type { OrganizationNow } from '@syncline/store';
import type { Logger } from 'pino';
import { createWatch, type Watch } from '../progress/watch.js';

/** Looks at organizations that somebody follows: how they stand now. One has no end. */
export type NowWatch = Watch<OrganizationNow>;

export function createNowWatch(log: Pick<Logger, 'warn'>, everyMs: number): NowWatch {
  return createWatch(log, { everyMs, isOver: () => false, tellsAtOnce: true, idName: 'organizationId' });
}
