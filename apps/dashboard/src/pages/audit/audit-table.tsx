import type { AuditEntry } from '../../api/types.js';
import { exactly } from '../../format/time.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { Subject } from './subject.js';

/** What was done, with all that is known of it for whoever opens it. */
export function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <Table label="Audit" columns={['When', 'Who', 'What', 'About']}>
      {entries.map((entry) => (
        <Row key={entry.id}>
          <Cell label="When" isTitle className="align-top whitespace-nowrap">
            <time dateTime={entry.createdAt}>{exactly(entry.createdAt)}</time>
          </Cell>
          <Cell label="Who" className="align-top">
            <div className="wrap-anywhere">
              {entry.actor}
              <p className="text-xs text-ink-soft">{entry.address === null ? '' : `from ${entry.address}`}</p>
            </div>
          </Cell>
          <Cell label="What" className="align-top">
            <code className="text-xs font-medium">{entry.action}</code>
          </Cell>
          <Cell label="About" className="align-top">
            <div className="min-w-0">
              <Subject entry={entry} />
              <Details entry={entry} />
            </div>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function Details({ entry: { action, details } }: { readonly entry: AuditEntry }) {
  const all = Object.entries(details).filter(([, value]) => value !== null);
  if (all.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer py-1.5 text-xs text-ink-soft">
        Details<span className="sr-only"> of {action}</span>
      </summary>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-left text-xs">
        {all.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="wrap-anywhere font-mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
