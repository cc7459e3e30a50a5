import type { Member } from '../../api/types.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { Cell, Row } from '../../ui/table.js';
import { RoleWords } from './role-words.js';

interface MemberRowProps {
  readonly member: Member;
  readonly isBusy: boolean;
  readonly onBlock: () => void;
  readonly onUnblock: () => void;
  readonly onForget: () => void;
}

/** Whatever is known of how somebody is called. */
export function nameOf({ name, email, subject }: Member): string {
  return name ?? email ?? subject;
}

export function MemberRow({ member, isBusy, onBlock, onUnblock, onForget }: MemberRowProps) {
  const { blocked, email, subject, role, liveKeys } = member;
  const name = nameOf(member);
  return (
    <Row>
      <Cell label="Person" isTitle>
        <div className="min-w-0">
          <span className="font-medium wrap-anywhere">{name}</span> {blocked && <Badge tone="bad">shut out</Badge>}
          <p className="text-xs wrap-anywhere text-ink-soft">
            {[email, subject].filter((text) => text !== null && text !== name).join(' · ')}
          </p>
          {blocked && (
            <p className="text-xs wrap-anywhere text-ink-soft">
              <Moment at={blocked.at} /> by {blocked.by}: {blocked.reason}
            </p>
          )}
          {liveKeys > 0 && (
            <p className={blocked ? 'text-xs font-medium text-bad' : 'text-xs text-ink-soft'}>
              {liveKeys === 1 ? 'has made a key that is good still' : `has made ${liveKeys} keys that are good still`}
            </p>
          )}
        </div>
      </Cell>
      <Cell label="Role">
        <RoleWords role={role} />
      </Cell>
      <Cell label="First came" isMinor className="whitespace-nowrap">
        <Moment at={member.firstSeenAt} />
      </Cell>
      <Cell label="Last seen" className="whitespace-nowrap">
        <Moment at={member.lastSeenAt} />
      </Cell>
      <Cell label="" className="text-right">
        {blocked ? (
          <Button aria-label={`Let in ${name}`} isBusy={isBusy} onClick={onUnblock}>
            Let in
          </Button>
        ) : (
          <span className="inline-flex gap-2">
            <Button look="quiet" aria-label={`Forget ${name}`} onClick={onForget}>
              Forget
            </Button>
            <Button look="danger" aria-label={`Shut out ${name}`} onClick={onBlock}>
              Shut out
            </Button>
          </span>
        )}
      </Cell>
    </Row>
  );
}
