import { parseJson } from '@syncline/connector-kit';
import type { FastifyInstance } from 'fastify';
import type { ApiContext, App } from '../../../api-context.js';
import { getFailedItem } from './get-failed-item.js';
import { getFailedItemGroups } from './get-failed-item-groups.js';
import { getFailedItemHistory } from './get-failed-item-history.js';
import { getFailedItems } from './get-failed-items.js';
import { getFailedItemsSummary } from './get-failed-items-summary.js';
import { patchFailedItem } from './patch-failed-item.js';
import { postFailedItemResolve } from './post-failed-item-resolve.js';
import { postFailedItemRetry } from './post-failed-item-retry.js';
import { postFailedItemsResolve } from './post-failed-items-resolve.js';
import { postFailedItemsRetry } from './post-failed-items-retry.js';

/** In a scope of their own: their JSON holds records, in which no digit and no character may be lost. */
export function failedItemRoutes(scope: App, ctx: ApiContext): void {
  readRecords(scope);
  getFailedItems(scope, ctx);
  getFailedItemsSummary(scope, ctx);
  getFailedItemGroups(scope, ctx);
  getFailedItem(scope, ctx);
  getFailedItemHistory(scope, ctx);
  patchFailedItem(scope, ctx);
  postFailedItemRetry(scope, ctx);
  postFailedItemsRetry(scope, ctx);
  postFailedItemResolve(scope, ctx);
  postFailedItemsResolve(scope, ctx);
}

function readRecords(scope: FastifyInstance): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseJson(String(body)).value);
    } catch {
      done(Object.assign(new Error('is not valid JSON'), { statusCode: 400 }));
    }
  });
}
