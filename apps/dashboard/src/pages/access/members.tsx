import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { installationQuery } from '../../api/administration.js';
import { membersQuery, useUnblockMember } from '../../api/members.js';
import type { Member } from '../../api/types.js';
import { Answer, More } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { Note } from '../../ui/note.js';
import { Search } from '../../ui/search.js';
import { Empty, wordsFor } from '../../ui/states.js';
import { Table } from '../../ui/table.js';
import { BlockMember } from './block-member.js';
import { ForgetMember } from './forget-member.js';
import { MemberRow } from './member-row.js';

/** Who has come with a token. Their accounts are the provider's; here somebody can be shut out whose token lives on. */
export function Members() {
  const [search, setSearch] = useState('');
  const [blocked, setBlocked] = useState(false);
  const [asked, setAsked] = useState<{ readonly what: 'block' | 'forget'; readonly member: Member }>();
  const found = useInfiniteQuery(membersQuery({ search, blocked }));
  const unblock = useUnblockMember();
  const isNarrow = search !== '' || blocked;
  const close = () => setAsked(undefined);
  return (
    <Card
      title="Members"
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <Filter
            label="Members"
            value={blocked ? 'blocked' : undefined}
            choices={[{ value: 'blocked', label: 'Shut out' }]}
            onChoose={(chosen) => setBlocked(chosen !== undefined)}
          />
          <Search label="Search members" value={search} onSearch={setSearch} />
        </div>
      }
    >
      {unblock.error && (
        <div className="p-4">
          <Note tone="bad">{wordsFor(unblock.error).title}</Note>
        </div>
      )}
      <Answer to={found}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0) return isNarrow ? <Empty title="Nobody is like that" /> : <Nobody />;
          return (
            <Table label="Members" columns={['Person', 'Role', 'First came', 'Last seen', 'Actions']}>
              {all.map((member) => (
                <MemberRow
                  key={member.id}
                  member={member}
                  isBusy={unblock.isPending && unblock.variables === member.id}
                  onBlock={() => setAsked({ what: 'block', member })}
                  onUnblock={() => unblock.mutate(member.id)}
                  onForget={() => setAsked({ what: 'forget', member })}
                />
              ))}
            </Table>
          );
        }}
      </Answer>
      <More of={found}>More members</More>
      {asked?.what === 'block' && <BlockMember member={asked.member} onClose={close} />}
      {asked?.what === 'forget' && <ForgetMember member={asked.member} onClose={close} />}
    </Card>
  );
}

function Nobody() {
  const { data } = useQuery(installationQuery);
  if (data?.identityProvider === null) {
    return (
      <Empty title="No identity provider is set up">
        With one (SYNCLINE_JWT_ISSUER and those beside it), people come in with their own accounts, and are listed here.
      </Empty>
    );
  }
  return <Empty title="Nobody has come yet">Whoever comes with a token of the identity provider is listed here.</Empty>;
}
