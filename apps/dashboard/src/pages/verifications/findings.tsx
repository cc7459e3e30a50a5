import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Finding, Verification } from '../../api/types.js';
import { type FindingKind, findingKinds, findingsQuery } from '../../api/verifications.js';
import { exactly } from '../../format/time.js';
import { Answer, More } from '../../ui/answer.js';
import { Badge } from '../../ui/badge.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';

const columns = ['Record', 'What', 'Fields', 'At the vendor', 'Stored', 'Asked again'];

const words: Readonly<Record<FindingKind, string>> = {
  missing: 'the vendor has it, and there is no row',
  extra: 'there is a row, and the vendor does not have it',
  stale: 'the row is of an older version',
  different: 'of the same version, and says something else',
};

/** What a verification found, one by one: names of fields and times, no contents. */
export function Findings({ verification }: { readonly verification: Verification }) {
  const { entity, kind } = useSearch({ from: '/inside/connections/$id' });
  const navigate = useNavigate({ from: '/connections/$id' });
  const found = useInfiniteQuery(findingsQuery(verification.id, { entity, kind }));
  const choose = (chosen: { entity?: string | undefined; kind?: FindingKind | undefined }) =>
    navigate({ search: (now) => ({ ...now, ...chosen }), replace: true });
  return (
    <Card
      title="Findings"
      actions={
        <div className="flex flex-wrap gap-2">
          <Filter
            label="Entity"
            value={entity}
            choices={verification.entities.map((one) => one.entity)}
            onChoose={(value) => choose({ entity: value })}
          />
          <Filter
            label="What"
            value={kind}
            choices={findingKinds}
            onChoose={(value) => choose({ kind: value as FindingKind | undefined })}
          />
        </div>
      }
    >
      <Answer to={found} rows={4}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0) return <Empty title="Nothing of this was found" />;
          return (
            <Table label="Findings" columns={columns}>
              {all.map((finding) => (
                <FindingRow
                  key={`${finding.entity} ${finding.vendorId}`}
                  of={finding}
                  connectionId={verification.connectionId}
                />
              ))}
            </Table>
          );
        }}
      </Answer>
      <More of={found}>More findings</More>
    </Card>
  );
}

function FindingRow({ of: finding, connectionId }: { readonly of: Finding; readonly connectionId: string }) {
  const { entity, vendorId, kind, fields, reason, vendorUpdatedAt, storedUpdatedAt, confirmed } = finding;
  return (
    <Row>
      <Cell label="Record" isTitle>
        <div>
          <span className="font-medium">{entity}</span>
          <p className="max-w-52 truncate font-mono text-xs text-ink-soft" title={vendorId}>
            {vendorId}
          </p>
        </div>
      </Cell>
      <Cell label="What">
        <div>
          <Badge tone="bad">{kind}</Badge>
          <p className="mt-0.5 text-xs text-ink-soft">{words[kind]}</p>
          {reason && (
            <Link to="/failed-items" search={{ connectionId, entity, vendorId }} className="text-xs underline">
              why: {reason}
            </Link>
          )}
        </div>
      </Cell>
      <Cell label="Fields" isMinor={fields.length === 0}>
        <div className="max-w-56 font-mono text-xs break-words">{fields.length === 0 ? '–' : fields.join(', ')}</div>
      </Cell>
      <Cell label="At the vendor">
        <Time at={vendorUpdatedAt} />
      </Cell>
      <Cell label="Stored">
        <Time at={storedUpdatedAt} />
      </Cell>
      <Cell label="Asked again">{confirmed ? 'yes, it is so' : 'no'}</Cell>
    </Row>
  );
}

/** To the second: two of them are held against each other. */
function Time({ at }: { readonly at: string | null }) {
  return at === null ? '–' : <time dateTime={at}>{exactly(at)}</time>;
}
