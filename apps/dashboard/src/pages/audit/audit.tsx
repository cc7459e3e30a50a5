import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type AuditFilter, auditActionsQuery, auditQuery } from '../../api/administration.js';
import { Page } from '../../layout/page.js';
import { Answer, More } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { Search } from '../../ui/search.js';
import { Empty } from '../../ui/states.js';
import { AuditTable } from './audit-table.js';

/** Who did what by hand, when and from where. */
export function Audit() {
  const filter = useSearch({ from: '/inside/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const choose = (chosen: AuditFilter) => navigate({ search: (now) => ({ ...now, ...chosen }), replace: true });
  const found = useInfiniteQuery(auditQuery(filter));
  const { data: actions = [] } = useQuery(auditActionsQuery);
  const isNarrow = Object.values(filter).some((value) => value !== undefined);
  return (
    <Page
      title="Audit"
      about="What people did by hand, kept for a year at least."
      actions={
        <>
          <Search
            label="Who"
            placeholder="Who"
            value={filter.who ?? ''}
            onSearch={(who) => choose({ who: who || undefined })}
          />
          <Filter label="What" value={filter.action} choices={actions} onChoose={(action) => choose({ action })} />
          <Day label="From" value={filter.from} onChoose={(from) => choose({ from })} />
          <Day label="To" value={filter.to} onChoose={(to) => choose({ to })} />
        </>
      }
    >
      <Card>
        <Answer to={found} rows={8}>
          {({ pages }) => {
            const entries = pages.flatMap(({ data }) => data);
            if (entries.length > 0) return <AuditTable entries={entries} />;
            return isNarrow ? (
              <Empty title="Nobody has done anything like that">Try another word, or more days.</Empty>
            ) : (
              <Empty title="Nobody has done anything by hand yet" />
            );
          }}
        </Answer>
        <More of={found}>Earlier</More>
      </Card>
    </Page>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChoose: (day: string | undefined) => void;
}

function Day({ label, value, onChoose }: DayProps) {
  return (
    <label className="flex min-h-9 items-center gap-2 rounded-lg border border-line-strong bg-surface px-2 text-sm">
      <span className="text-ink-soft">{label}</span>
      <input
        type="date"
        value={value ?? ''}
        onChange={({ target }) => onChoose(target.value || undefined)}
        className="bg-transparent"
      />
    </label>
  );
}
