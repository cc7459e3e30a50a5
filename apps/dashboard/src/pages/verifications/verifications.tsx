import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/session.js';
import type { Verification } from '../../api/types.js';
import { verificationsQuery } from '../../api/verifications.js';
import { count } from '../../format/number.js';
import { Answer } from '../../ui/answer.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Empty } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { Findings } from './findings.js';
import { Report } from './report.js';
import { VerifyDialog } from './verify-dialog.js';

/** Whether the rows are what the vendor has: each verification, what it found, and the way to put it right. */
export function Verifications({ connectionId }: { readonly connectionId: string }) {
  const { verification: chosen } = useSearch({ from: '/inside/connections/$id' });
  const navigate = useNavigate({ from: '/connections/$id' });
  const verifications = useQuery(verificationsQuery(connectionId));
  const [isAsking, setAsking] = useState(false);
  const mayVerify = useMay('operator');
  const verify = mayVerify && (
    <Button icon={<ShieldCheck size={15} aria-hidden="true" />} onClick={() => setAsking(true)}>
      New verification
    </Button>
  );
  return (
    <>
      <Answer to={verifications} rows={4}>
        {(all) => {
          const shown = all.find(({ id }) => id === chosen) ?? all[0];
          if (shown === undefined) {
            return (
              <Card>
                <Empty title="Never verified">
                  <p className="mb-3">
                    A verification reads what the vendor has and says which of your rows are missing, too many, or
                    different.
                  </p>
                  {verify}
                </Empty>
              </Card>
            );
          }
          return (
            <div className="flex flex-col gap-4">
              <Report verification={shown} connectionId={connectionId} actions={verify} />
              {shown.findings > 0 && <Findings key={shown.id} verification={shown} />}
              {all.length > 1 && (
                <History
                  all={all}
                  shown={shown.id}
                  onChoose={(id) =>
                    navigate({
                      search: (now) => ({ ...now, verification: id, entity: undefined, kind: undefined }),
                      replace: true,
                    })
                  }
                />
              )}
            </div>
          );
        }}
      </Answer>
      <VerifyDialog connectionId={connectionId} isOpen={isAsking} onClose={() => setAsking(false)} />
    </>
  );
}

interface HistoryProps {
  readonly all: readonly Verification[];
  readonly shown: string;
  readonly onChoose: (id: string) => void;
}

function History({ all, shown, onChoose }: HistoryProps) {
  return (
    <Card title="All verifications">
      <Table
        label="All verifications"
        columns={['When', 'By', { number: 'Entities' }, 'Status', { number: 'Found' }, 'Repair']}
      >
        {all.map((one) => (
          <Row key={one.id}>
            <Cell label="When" isTitle>
              <button
                type="button"
                onClick={() => onChoose(one.id)}
                aria-current={one.id === shown || undefined}
                className="font-medium underline-offset-2 hover:underline aria-[current]:text-accent"
              >
                <Moment at={one.createdAt} />
              </button>
            </Cell>
            <Cell label="By">{one.trigger === 'schedule' ? 'a schedule' : (one.triggeredBy ?? 'somebody')}</Cell>
            <Cell label="Entities" isNumber>
              {count(one.entities.length)}
            </Cell>
            <Cell label="Status">
              <Status of={one.status} />
            </Cell>
            <Cell label="Found" isNumber>
              {one.findings > 0 ? (
                <Badge tone="bad">{count(one.findings)}</Badge>
              ) : one.clean ? (
                <Badge tone="good">nothing</Badge>
              ) : (
                '–'
              )}
            </Cell>
            <Cell label="Repair" isMinor={one.repair === null}>
              {one.repair === null ? '–' : <RepairState of={one.repair} />}
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}

function RepairState({ of: repair }: { readonly of: NonNullable<Verification['repair']> }) {
  if (repair === 'asked') return <Badge tone="info">under way</Badge>;
  return repair === 'done' ? <Badge tone="good">done</Badge> : <Badge tone="bad">failed</Badge>;
}
