import type { RecordCounts } from '@syncline/store';

export function addCounts(a: RecordCounts, b: RecordCounts): RecordCounts {
  return {
    ...{ read: a.read + b.read, created: a.created + b.created, updated: a.updated + b.updated },
    ...{ unchanged: a.unchanged + b.unchanged, failed: a.failed + b.failed, deleted: a.deleted + b.deleted },
  };
}
