import { useMay } from '../../api/session.js';
import { Page } from '../../layout/page.js';
import { Card } from '../../ui/card.js';
import { Empty } from '../../ui/states.js';
import { Keys } from './keys.js';
import { Members } from './members.js';

/** Who may come in: programs by their keys, people by the tokens of their identity provider. */
export function Access() {
  const mayAdminister = useMay('admin');
  return (
    <Page
      title="Access"
      about="Programs come in with keys of this organization, people with the tokens of your identity provider."
    >
      {mayAdminister ? (
        <>
          <Keys />
          <Members />
        </>
      ) : (
        <Card>
          <Empty title="Keys and members are for admins">Ask somebody with the role admin.</Empty>
        </Card>
      )}
    </Page>
  );
}
