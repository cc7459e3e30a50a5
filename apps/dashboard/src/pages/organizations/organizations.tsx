import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { organizationsQuery, useLookAt } from '../../api/organizations.js';
import { useMay, useSession } from '../../api/session.js';
import type { Organization } from '../../api/types.js';
import { countOf } from '../../format/number.js';
import { Page } from '../../layout/page.js';
import { Answer, More } from '../../ui/answer.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Search } from '../../ui/search.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { OrganizationForm } from './organization-form.js';

/** Every tenant of the installation, for the platform. */
export function Organizations() {
  if (!useMay('platform')) {
    return (
      <Page title="Organizations">
        <Card>
          <Empty title="Organizations are for the platform">Sign in with the platform key to see them.</Empty>
        </Card>
      </Page>
    );
  }
  return <All />;
}

function All() {
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<Organization | 'new'>();
  const found = useInfiniteQuery(organizationsQuery(search));
  const total = found.data?.pages[0]?.pagination.total;
  return (
    <Page
      title="Organizations"
      about="Each has its own connections, keys and history, and sees nothing of the others."
      actions={
        <Button look="primary" icon={<Plus size={15} aria-hidden="true" />} onClick={() => setEdited('new')}>
          New organization
        </Button>
      }
    >
      <Card
        title={total === undefined ? 'All' : countOf(total, 'organization')}
        actions={<Search label="Search organizations" value={search} onSearch={setSearch} />}
      >
        <Answer to={found}>{({ pages }) => <List all={pages.flatMap(({ data }) => data)} onEdit={setEdited} />}</Answer>
        <More of={found}>More organizations</More>
      </Card>
      {edited !== undefined && (
        <OrganizationForm {...(edited !== 'new' && { organization: edited })} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  );
}

interface ListProps {
  readonly all: readonly Organization[];
  readonly onEdit: (organization: Organization) => void;
}

function List({ all, onEdit }: ListProps) {
  const { organization } = useSession();
  const lookAt = useLookAt();
  const navigate = useNavigate();
  if (all.length === 0) return <Empty title="No organization is called so">Try a part of its name.</Empty>;
  return (
    <Table label="Organizations" columns={['Name', 'Slug', 'External id', 'Made', 'Actions']}>
      {all.map((one) => (
        <Row key={one.id}>
          <Cell label="Name" isTitle>
            <span className="font-medium">{one.name}</span>{' '}
            {one.id === organization?.id && <Badge tone="info">shown now</Badge>}
          </Cell>
          <Cell label="Slug">
            <code className="text-xs">{one.slug}</code>
          </Cell>
          <Cell label="External id" isMinor={one.externalId === null}>
            {one.externalId === null ? (
              <span className="text-ink-soft">none: no tokens</span>
            ) : (
              <code className="block max-w-56 truncate text-xs">{one.externalId}</code>
            )}
          </Cell>
          <Cell label="Made" isMinor>
            <Moment at={one.createdAt} />
          </Cell>
          <Cell label="" className="text-right">
            <span className="inline-flex gap-2">
              <Button aria-label={`Rename ${one.name}`} onClick={() => onEdit(one)}>
                Rename
              </Button>
              <Button
                aria-label={`Look at it: ${one.name}`}
                disabled={one.id === organization?.id}
                onClick={() => {
                  lookAt(one.id);
                  void navigate({ to: '/' });
                }}
              >
                Look at it
              </Button>
            </span>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
