import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { apiKeysQuery, useRevokeKey } from '../../api/administration.js';
import { useMay } from '../../api/session.js';
import { Page } from '../../layout/page.js';
import { Answer } from '../../ui/answer.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { NewKey } from './new-key.js';

/** Who may come in: keys, and where people's own accounts come from. */
export function Access() {
  const mayAdminister = useMay('admin');
  return (
    <Page
      title="Access"
      about="Keys belong to this organization. People of your identity provider come in with their own tokens, and need none."
    >
      {mayAdminister ? (
        <Keys />
      ) : (
        <Card>
          <Empty title="Keys are for admins">Ask somebody with the role admin.</Empty>
        </Card>
      )}
    </Page>
  );
}

function Keys() {
  const [isMaking, setMaking] = useState(false);
  const keys = useQuery(apiKeysQuery);
  const revoke = useRevokeKey();
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
        {(all) =>
          all.length === 0 ? (
            <Empty title="There are no keys">One for each program: then each can be revoked alone.</Empty>
          ) : (
            <Table label="API keys" columns={['Key', 'Role', 'Last used', 'Ends', 'Actions']}>
              {all.map((key) => (
                <Row key={key.id}>
                  <Cell label="Key">
                    <span className="font-medium">{key.name}</span> {key.revokedAt && <Badge tone="bad">revoked</Badge>}
                  </Cell>
                  <Cell label="Role">{key.role}</Cell>
                  <Cell label="Last used">
                    <Moment at={key.lastUsedAt} />
                  </Cell>
                  <Cell label="Ends">{key.expiresAt ? <Moment at={key.expiresAt} /> : 'when it is revoked'}</Cell>
                  <Cell label="" className="text-right">
                    {!key.revokedAt && (
                      <Button
                        look="danger"
                        aria-label={`Revoke ${key.name}`}
                        isBusy={revoke.isPending && revoke.variables === key.id}
                        onClick={() => revoke.mutate(key.id)}
                      >
                        Revoke
                      </Button>
                    )}
                  </Cell>
                </Row>
              ))}
            </Table>
          )
        }
      </Answer>
      {isMaking && <NewKey onClose={() => setMaking(false)} />}
    </Card>
  );
}
