import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { webhooksQuery } from '../../api/webhooks.js';
import { count } from '../../format/number.js';
import { duration } from '../../format/time.js';
import { nameOfConnector } from '../../format/words.js';
import { Page } from '../../layout/page.js';
import { Answer } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';

/** What vendors tell of changes, and how that is doing. */
export function Webhooks() {
  const webhooks = useQuery(webhooksQuery);
  return (
    <Page
      title="Webhooks"
      about="What vendors tell of changes. Each is kept before it is answered; a lost one is found by the next sync."
    >
      <Card>
        <Answer to={webhooks}>
          {(all) =>
            all.length === 0 ? (
              <Empty title="No connection has webhooks" />
            ) : (
              <Table
                label="Webhooks"
                columns={[
                  ...['Connection', 'Proved', 'Last delivery'],
                  ...['In 24 hours', 'Done', 'Failed', 'Behind'].map((number) => ({ number })),
                ]}
              >
                {all.map((one) => (
                  <Row key={one.connectionId}>
                    <Cell label="Connection" isTitle>
                      <Link
                        to="/webhooks/$id"
                        params={{ id: one.connectionId }}
                        className="font-medium hover:underline"
                      >
                        {one.name}
                      </Link>
                      <p className="text-xs text-ink-soft">{nameOfConnector(one.connector)}</p>
                    </Cell>
                    <Cell label="Proved">{one.verifiedAt ? <Moment at={one.verifiedAt} /> : 'not yet'}</Cell>
                    <Cell label="Last delivery">
                      <Moment at={one.lastDeliveryAt} />
                    </Cell>
                    <Cell label="In 24 hours" isNumber>
                      {count(one.received)}
                    </Cell>
                    <Cell label="Done" isNumber isMinor={one.processed === 0}>
                      {count(one.processed)}
                    </Cell>
                    <Cell
                      label="Failed"
                      isNumber
                      isMinor={one.failed === 0}
                      className={one.failed > 0 ? 'font-medium text-bad' : ''}
                    >
                      {count(one.failed)}
                    </Cell>
                    <Cell label="Behind" isNumber isMinor={one.lagSeconds === null}>
                      {one.lagSeconds === null ? '–' : duration(one.lagSeconds)}
                    </Cell>
                  </Row>
                ))}
              </Table>
            )
          }
        </Answer>
      </Card>
    </Page>
  );
}
