import { Link } from '@tanstack/react-router';
import type { Verification } from '../../api/types.js';
import { findingKinds } from '../../api/verifications.js';
import { count } from '../../format/number.js';
import { Badge } from '../../ui/badge.js';
import { Cell, Row, Table } from '../../ui/table.js';

type Entity = Verification['entities'][number];

interface VerifiedEntitiesProps {
  readonly verification: Verification;
  readonly connectionId: string;
}

const columns = [
  'Entity',
  { number: 'At the vendor' },
  { number: 'Stored' },
  'Found',
  'Checksums',
  'Not judged',
  'Repair',
];

/** Both sides of each entity. What the vendor lists as deleted is among his records, and not among those stored. */
export function VerifiedEntities({ verification: { id, entities }, connectionId }: VerifiedEntitiesProps) {
  return (
    <Table label="Verified entities" columns={columns}>
      {entities.map((entity) => (
        <Row key={entity.entity}>
          <Cell label="Entity" isTitle>
            <div>
              <span className="font-medium">{entity.entity}</span>{' '}
              {entity.status !== 'done' && <Badge tone="info">{entity.status}</Badge>}
            </div>
          </Cell>
          <Cell label="At the vendor" isNumber>
            {count(entity.records)}
          </Cell>
          <Cell label="Stored" isNumber>
            {entity.rows === null ? '–' : count(entity.rows)}
          </Cell>
          <Cell label="Found">
            <Found in={entity} verificationId={id} connectionId={connectionId} />
          </Cell>
          <Cell label="Checksums" isMinor={entity.checksums === null}>
            <Checksums of={entity.checksums} />
          </Cell>
          <Cell label="Not judged" isMinor={entity.moved + entity.notDue + entity.dismissed + entity.unreadable === 0}>
            <NotJudged of={entity} />
          </Cell>
          <Cell label="Repair" isMinor={entity.repairJobId === null && !entity.repaired}>
            {entity.repairJobId === null ? (
              entity.repaired ? (
                <Badge tone="good">repaired</Badge>
              ) : (
                '–'
              )
            ) : (
              <Link to="/syncs/$id" params={{ id: entity.repairJobId }} className="underline underline-offset-2">
                {entity.repaired ? 'repaired by a sync' : 'its sync'}
              </Link>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

interface FoundProps {
  readonly in: Entity;
  readonly verificationId: string;
  readonly connectionId: string;
}

function Found({ in: entity, verificationId, connectionId }: FoundProps) {
  const found = findingKinds.filter((kind) => entity[kind] > 0);
  if (found.length === 0) return entity.status === 'done' ? <Badge tone="good">nothing</Badge> : '–';
  return (
    <Link
      to="/connections/$id"
      params={{ id: connectionId }}
      search={{ tab: 'verifications', verification: verificationId, entity: entity.entity }}
      className="underline-offset-2 hover:underline"
    >
      <Badge tone="bad">{found.map((kind) => `${count(entity[kind])} ${kind}`).join(', ')}</Badge>
    </Link>
  );
}

function Checksums({ of: checksums }: { readonly of: Entity['checksums'] }) {
  if (checksums === null) return '–';
  const { equal, of } = checksums;
  return equal === of ? (
    <Badge tone="good">equal</Badge>
  ) : (
    <Badge tone="warn">
      {count(equal)} of {count(of)} equal
    </Badge>
  );
}

/** What looked like a finding and is none, or none yet. */
function NotJudged({ of: { moved, notDue, dismissed, unreadable } }: { readonly of: Entity }) {
  const parts: readonly (readonly [number, string, string])[] = [
    [moved, 'moved', 'A sync or a webhook wrote them meanwhile'],
    [notDue, 'not due', 'Changed at the vendor since the last sync: the next one brings them'],
    [dismissed, 'dismissed', 'Were as they should be when the record itself was asked for'],
    [unreadable, 'unreadable', 'Records that cannot be understood or stored'],
  ];
  const shown = parts.filter(([number]) => number > 0);
  if (shown.length === 0) return '–';
  return (
    <span className="text-xs text-ink-soft">
      {shown.map(([number, word, why], i) => (
        <span key={word} title={why}>
          {i > 0 && ', '}
          {count(number)} {word}
        </span>
      ))}
    </span>
  );
}
