import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { apiKeysQuery, useRevokeKey } from '../../api/administration.js';
import type { ApiKey } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Confirm } from '../../ui/confirm.js';
import { Moment, useNow } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { NewKey } from './new-key.js';
import { RoleWords } from './role-words.js';

/** The organization's keys; those that open nothing any more only for whoever wants to see them. */
export function Keys() {
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey>();
  const [showsOld, setShowsOld] = useState(false);
  const keys = useQuery(apiKeysQuery);
  const now = useNow();
  return (
    <Card
      title="API keys"
      actions={
        <Button icon={<Plus size={15} aria-hidden="true" />} onClick={() => setMaking(true)}>
          New key
        </Button>
      }
    >
      <Answer to={keys}>
        {(all) => {
          const live = all.filter((key) => stateOf(key, now) !== 'over');
          const over = all.length - live.length;
          return (
            <>
              {live.length === 0 && !showsOld && (
                <Empty title="There are no keys">One for each program: then each can be revoked alone.</Empty>
              )}
              {(live.length > 0 || showsOld) && (
                <Table label="API keys" columns={['Key', 'Role', 'Made', 'Last used', 'Ends', 'Actions']}>
                  {(showsOld ? all : live).map((key) => (
                    <KeyRow key={key.id} of={key} state={stateOf(key, now)} onRevoke={() => setRevoked(key)} />
                  ))}
                </Table>
              )}
              {over > 0 && (
                <div className="border-t border-line p-2 text-center">
                  <Button look="quiet" aria-expanded={showsOld} onClick={() => setShowsOld(!showsOld)}>
                    {showsOld ? 'Hide' : 'Show'} {over} that {over === 1 ? 'opens' : 'open'} nothing any more
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </Answer>
      {isMaking && <NewKey onClose={() => setMaking(false)} />}
      {revoked !== undefined && <RevokeKey of={revoked} onClose={() => setRevoked(undefined)} />}
    </Card>
  );
}

type KeyState = 'good' | 'soon' | 'over';
const soonMs = 14 * 86_400_000;

function stateOf({ revokedAt, expiresAt }: ApiKey, now: number): KeyState {
  const left = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - now;
  if (revokedAt !== null || left <= 0) return 'over';
  return left < soonMs ? 'soon' : 'good';
}

interface KeyRowProps {
  readonly of: ApiKey;
  readonly state: KeyState;
  readonly onRevoke: () => void;
}

function KeyRow({ of: key, state, onRevoke }: KeyRowProps) {
  return (
    <Row>
      <Cell label="Key" isTitle>
        <div>
          <span className="font-medium">{key.name}</span> {key.revokedAt && <Badge tone="bad">revoked</Badge>}
          <p>
            <code className="text-xs text-ink-soft">{key.prefix}…</code>
          </p>
        </div>
      </Cell>
      <Cell label="Role">
        <RoleWords role={key.role} />
      </Cell>
      <Cell label="Made">
        <div>
          <Moment at={key.createdAt} />
          <p className="text-xs wrap-anywhere text-ink-soft">by {key.createdBy}</p>
        </div>
      </Cell>
      <Cell label="Last used">
        <Moment at={key.lastUsedAt} />
      </Cell>
      <Cell label="Ends">
        {key.expiresAt === null ? (
          'when it is revoked'
        ) : (
          <span>
            <Moment at={key.expiresAt} /> {state === 'soon' && <Badge tone="warn">soon</Badge>}
            {state === 'over' && key.revokedAt === null && <Badge tone="bad">over</Badge>}
          </span>
        )}
      </Cell>
      <Cell label="" className="text-right">
        {state !== 'over' && (
          <Button look="danger" aria-label={`Revoke ${key.name}`} onClick={onRevoke}>
            Revoke
          </Button>
        )}
      </Cell>
    </Row>
  );
}

function RevokeKey({ of: key, onClose }: { readonly of: ApiKey; readonly onClose: () => void }) {
  const revoke = useRevokeKey();
  const now = useNow();
  const isInUse = key.lastUsedAt !== null && now - Date.parse(key.lastUsedAt) < 86_400_000;
  return (
    <Confirm
      title={`Revoke ${key.name}?`}
      description="Whatever uses it is refused from its next request on, and browsers that signed in with it are signed out. It cannot be taken back."
      label="Revoke it"
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(key.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      {isInUse && (
        <Note tone="warn">
          Something uses it: it was used <Moment at={key.lastUsedAt} />.
        </Note>
      )}
    </Confirm>
  );
}
