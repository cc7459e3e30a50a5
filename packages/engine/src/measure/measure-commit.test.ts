import { openMetrics } from '@syncline/metrics';
import { expect, it } from 'vitest';
import { measureCommit } from './measure-commit.js';

it('a commit counts as all of its pages, and records that came along in their own entity', async () => {
  const connectors = [{ id: 'crm', entities: [{ name: 'accounts' }, { name: 'contacts' }] }];
  const metrics = await openMetrics({ service: 'worker', version: '0', connectors });
  const counts = { created: 4, updated: 3, unchanged: 2, failed: 1 };
  measureCommit(metrics.recorder, 'crm', 'accounts', 12, {
    ...{ ...counts, deleted: 5, alongFailed: 10, standing: 'live' },
    along: [{ entity: 'contacts', created: 40, updated: 0, unchanged: 20, failed: 10 }],
  });
  const told = (await metrics.text()).match(/^syncline_(pages|records)_total\{.*$/gm) ?? [];
  metrics.close();
  expect(told.filter((line) => !line.endsWith(' 0')).sort()).toEqual(
    [
      'syncline_pages_total{connector="crm",entity="accounts"} 12',
      'syncline_records_total{connector="crm",entity="accounts",outcome="created"} 4',
      'syncline_records_total{connector="crm",entity="accounts",outcome="updated"} 3',
      'syncline_records_total{connector="crm",entity="accounts",outcome="unchanged"} 2',
      'syncline_records_total{connector="crm",entity="accounts",outcome="failed"} 1',
      'syncline_records_total{connector="crm",entity="contacts",outcome="created"} 40',
      'syncline_records_total{connector="crm",entity="contacts",outcome="unchanged"} 20',
      'syncline_records_total{connector="crm",entity="contacts",outcome="failed"} 10',
    ].sort(),
  );
});
