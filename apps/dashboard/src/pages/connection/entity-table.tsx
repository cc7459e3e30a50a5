import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { connectionEntitiesQuery } from '../../api/connections.js';
import type { ConnectionEntity } from '../../api/types.js';
import { count } from '../../format/number.js';
import { Answer } from '../../ui/answer.js';
import { Badge } from '../../ui/badge.js';
import { Moment } from '../../ui/moment.js';
import { Status } from '../../ui/status.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { Freshness } from '../overview/connection-table.js';

const columns = [
  'Entity',
  { number: 'Rows' },
  ...['Freshness', 'Complete up to', 'Last run'],
  { number: 'Failed items' },
  'Drift',
];

/** Each entity: its table, how many rows, how fresh, and what the last verification found. */
export function EntityTable({ connectionId }: { readonly connectionId: string }) {
  const entities = useQuery(connectionEntitiesQuery(connectionId));
  return (
    <Answer to={entities} rows={6}>
      {(all) => (
        <Table label="Entities" columns={columns}>
          {all.map((entity) => (
            <Row key={entity.entity}>
              <Cell label="Entity" isTitle>
                <div>
                  <span className="font-medium">{entity.entity}</span> {!entity.isEnabled && <Badge>off</Badge>}
                  <p className="font-mono text-xs text-ink-soft">{entity.table}</p>
                </div>
              </Cell>
              <Cell label="Rows" isNumber>
                {entity.rows === null ? (
                  '–'
                ) : (
                  <>
                    {entity.rowsAreEstimated && 'about '}
                    {count(entity.rows)}
                  </>
                )}
              </Cell>
              <Cell label="Freshness">
                <Freshness {...entity.freshness} />
              </Cell>
              <Cell label="Complete up to" isMinor>
                <Moment at={entity.watermark} />
              </Cell>
              <Cell label="Last run">
                {entity.lastRun ? (
                  <Link to="/syncs/$id" params={{ id: entity.lastRun.jobId }}>
                    <Status of={entity.lastRun.status} />
                  </Link>
                ) : (
                  <span className="text-ink-soft">none yet</span>
                )}
              </Cell>
              <Cell label="Failed items" isNumber isMinor={entity.openFailedItems === 0}>
                {entity.openFailedItems > 0 ? (
                  <Link
                    to="/failed-items"
                    search={{ connectionId, entity: entity.entity }}
                    className="font-medium text-bad underline-offset-2 hover:underline"
                  >
                    {count(entity.openFailedItems)}
                  </Link>
                ) : (
                  <span className="text-ink-soft">none</span>
                )}
              </Cell>
              <Cell label="Drift" isMinor={entity.drift === null}>
                <Drift of={entity.drift} entity={entity.entity} connectionId={connectionId} />
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </Answer>
  );
}

interface DriftProps {
  readonly of: ConnectionEntity['drift'];
  readonly entity: string;
  readonly connectionId: string;
}

/** What the last verification found, and the way to it. */
function Drift({ of: drift, entity, connectionId }: DriftProps) {
  if (drift === null) return <span className="text-ink-soft">not verified</span>;
  const { missing, extra, different, repaired, verificationId } = drift;
  if (missing + extra + different === 0) return <Badge tone="good">none</Badge>;
  return (
    <Link
      to="/connections/$id"
      params={{ id: connectionId }}
      search={{ tab: 'verifications', verification: verificationId, entity }}
      className="underline-offset-2 hover:underline"
    >
      {repaired ? (
        <Badge tone="warn">repaired, to be verified</Badge>
      ) : (
        <Badge tone="bad">
          {count(missing)} missing, {count(extra)} extra, {count(different)} different
        </Badge>
      )}
    </Link>
  );
}
