import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import {
  type About,
  durationsQuery,
  failuresQuery,
  freshnessQuery,
  type Span,
  spans,
  successQuery,
  throughputQuery,
} from '../../api/analytics.js';
import { compact, count } from '../../format/number.js';
import { duration } from '../../format/time.js';
import { ConnectionFilter } from '../../layout/connection-filter.js';
import { Page } from '../../layout/page.js';
import { Answer } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { Chart } from '../../ui/chart.js';
import { Filter } from '../../ui/filter.js';
import { Moment } from '../../ui/moment.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { longestOf, sumOf } from './series.js';

/** How syncing went over a time, of one connection or of all. */
export function Analytics() {
  const { span = '7d', connectionId } = useSearch({ from: '/inside/analytics' });
  const about: About = { span, connectionId };
  const navigate = useNavigate({ from: '/analytics' });
  return (
    <Page
      title="Analytics"
      actions={
        <>
          <ConnectionFilter
            value={connectionId}
            onChoose={(chosen) => navigate({ search: (now) => ({ ...now, connectionId: chosen }), replace: true })}
          />
          <Filter
            isOne
            label="Time"
            value={span}
            choices={Object.entries(spans).map(([value, { words }]) => ({ value, label: `The last ${words}` }))}
            onChoose={(chosen) => navigate({ search: (now) => ({ ...now, span: chosen as Span }), replace: true })}
          />
        </>
      }
    >
      <div className="grid gap-5 xl:grid-cols-2">
        <Outcomes about={about} />
        <Records about={about} />
        <Durations about={about} />
        <Ages about={about} />
      </div>
      <Failures about={about} />
    </Page>
  );
}

function Outcomes({ about }: { readonly about: About }) {
  const asked = useQuery(successQuery(about));
  return (
    <Card title="Syncs by how they ended">
      <Answer to={asked} rows={5}>
        {({ series }) => (
          <Chart
            label="Syncs by how they ended"
            kind="bars"
            {...sumOf(series, [
              ['succeeded', 'Succeeded', '--good'],
              ['partial', 'Partly done', '--warn'],
              ['failed', 'Failed', '--bad'],
            ])}
            format={count}
          />
        )}
      </Answer>
    </Card>
  );
}

function Records({ about }: { readonly about: About }) {
  const asked = useQuery(throughputQuery(about));
  return (
    <Card title="Records by outcome">
      <Answer to={asked} rows={5}>
        {({ series }) => (
          <Chart
            label="Records by outcome"
            {...sumOf(series, [
              ['created', 'New', '--good'],
              ['updated', 'Changed', '--info'],
              ['unchanged', 'Unchanged', '--line-strong'],
              ['failed', 'Failed', '--bad'],
            ])}
            format={compact}
          />
        )}
      </Answer>
    </Card>
  );
}

function Durations({ about }: { readonly about: About }) {
  const asked = useQuery(durationsQuery(about));
  return (
    <Card title="How long syncs took">
      <Answer to={asked} rows={5}>
        {({ series }) => (
          <Chart
            label="How long syncs took, the slowest vendor"
            {...longestOf(series, [
              ['p50Seconds', 'Half of them', '--accent'],
              ['p95Seconds', '95 of 100', '--warn'],
            ])}
            format={duration}
          />
        )}
      </Answer>
    </Card>
  );
}

function Ages({ about }: { readonly about: About }) {
  const asked = useQuery(freshnessQuery(about));
  return (
    <Card title="Age of the data">
      <Answer to={asked} rows={5}>
        {({ series }) => (
          <Chart
            label="Age of the data, the oldest entity"
            {...longestOf(series, [['ageSeconds', 'The oldest entity', '--info']])}
            format={duration}
          />
        )}
      </Answer>
    </Card>
  );
}

function Failures({ about }: { readonly about: About }) {
  const asked = useQuery(failuresQuery(about));
  return (
    <Card title="What failed most">
      <Answer to={asked} rows={5}>
        {({ patterns }) =>
          patterns.length === 0 ? (
            <Empty title="Nothing failed in this time" />
          ) : (
            <Table label="What failed most" columns={['Reason', 'Entity', { number: 'Runs' }, 'Last']}>
              {patterns.map((pattern) => (
                <Row key={`${pattern.connector} ${pattern.entity} ${pattern.errorCode}`}>
                  <Cell label="Reason" isTitle>
                    <code className="text-xs font-medium">{pattern.errorCode}</code>
                  </Cell>
                  <Cell label="Entity">{pattern.entity}</Cell>
                  <Cell label="Runs" isNumber>
                    {count(pattern.runs)}
                  </Cell>
                  <Cell label="Last">
                    <Link to="/syncs/$id" params={{ id: pattern.lastJobId }} className="hover:underline">
                      <Moment at={pattern.lastAt} />
                    </Link>
                  </Cell>
                </Row>
              ))}
            </Table>
          )
        }
      </Answer>
    </Card>
  );
}
