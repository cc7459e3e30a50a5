import { useInfiniteQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/administration.js';
import type { AuditEntry } from '../../api/types.js';
import { exactly } from '../../format/time.js';
import { Page } from '../../layout/page.js';
import { Answer, More } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';

/** Who did what by hand, when and from where. */
export function Audit() {
  const found = useInfiniteQuery(auditQuery(undefined));
  return (
    <Page title="Audit" about="What people did by hand. Kept for as long as the organization is.">
      <Card>
        <Answer to={found} rows={8}>
          {({ pages }) => <Entries entries={pages.flatMap(({ data }) => data)} />}
        </Answer>
        <More of={found}>Earlier</More>
      </Card>
    </Page>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  if (entries.length === 0) return <Empty title="Nobody has done anything by hand yet" />;
  return (
    <Table label="Audit" columns={['When', 'Who', 'What', 'About', 'From']}>
      {entries.map((entry) => (
        <Row key={entry.id}>
          <Cell label="When" className="whitespace-nowrap">
            <time dateTime={entry.createdAt}>{exactly(entry.createdAt)}</time>
          </Cell>
          <Cell label="Who">{entry.actor}</Cell>
          <Cell label="What">
            <code className="text-xs font-medium">{entry.action}</code>
          </Cell>
          <Cell label="About">
            <span className="block max-w-72 truncate text-xs text-ink-soft" title={JSON.stringify(entry.details)}>
              {entry.subjectKind} {entry.subjectId}
            </span>
          </Cell>
          <Cell label="From">{entry.address ?? '–'}</Cell>
        </Row>
      ))}
    </Table>
  );
}
