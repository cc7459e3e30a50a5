import { useInfiniteQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/administration.js';
import { exactly } from '../../format/time.js';
import { Page } from '../../layout/page.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Empty, Failure, Loading } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';

/** Who did what by hand, when and from where. */
export function Audit() {
  const found = useInfiniteQuery(auditQuery(undefined));
  const entries = found.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Page title="Audit" about="What people did by hand. Kept for as long as the organization is.">
      <Card>
        {found.isPending && <Loading rows={8} />}
        {found.isError && <Failure error={found.error} onRetry={() => found.refetch()} />}
        {found.isSuccess && entries.length === 0 && <Empty title="Nobody has done anything by hand yet" />}
        {entries.length > 0 && (
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
        )}
        {found.hasNextPage && (
          <div className="border-t border-line p-3 text-center">
            <Button isBusy={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
              Earlier
            </Button>
          </div>
        )}
      </Card>
    </Page>
  );
}
