import { Pause, Play, Plug, RefreshCw, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { usePauseOrResume, type useTest } from '../../api/connections.js';
import { useMay } from '../../api/session.js';
import type { Connection } from '../../api/types.js';
import { Button } from '../../ui/button.js';
import { wordsFor } from '../../ui/states.js';
import { VerifyDialog } from '../verifications/verify-dialog.js';
import { SyncNow } from './sync-now.js';

interface ConnectionActionsProps {
  readonly connection: Connection;
  /** What comes of it is shown on the page. */
  readonly test: ReturnType<typeof useTest>;
}

/** What can be done to a connection at any time. */
export function ConnectionActions({ connection: { id, connector, status }, test }: ConnectionActionsProps) {
  const [isSyncing, setSyncing] = useState(false);
  const pause = usePauseOrResume(id);
  const [isVerifying, setVerifying] = useState(false);
  if (!useMay('operator')) return null;
  const failed = pause.error;
  return (
    <div className="flex flex-col items-end gap-2">
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon={<RefreshCw size={15} aria-hidden="true" />} onClick={() => setSyncing(true)}>
          Sync now
        </Button>
        <Button
          icon={<Plug size={15} aria-hidden="true" className="max-sm:hidden" />}
          isBusy={test.isPending}
          onClick={() => test.mutate(undefined)}
        >
          Test
        </Button>
        <Button
          icon={<ShieldCheck size={15} aria-hidden="true" className="max-sm:hidden" />}
          onClick={() => setVerifying(true)}
        >
          Verify
        </Button>
        {status === 'paused' ? (
          <Button
            icon={<Play size={15} aria-hidden="true" className="max-sm:hidden" />}
            isBusy={pause.isPending}
            onClick={() => pause.mutate('resume')}
          >
            Resume
          </Button>
        ) : (
          <Button
            icon={<Pause size={15} aria-hidden="true" className="max-sm:hidden" />}
            isBusy={pause.isPending}
            onClick={() => pause.mutate('pause')}
          >
            Pause
          </Button>
        )}
      </div>
      <div role="status" className="text-xs text-ink-soft">
        {failed && <span className="text-bad">{wordsFor(failed).title}</span>}
      </div>
      <VerifyDialog connectionId={id} isOpen={isVerifying} onClose={() => setVerifying(false)} />
      <SyncNow connectionId={id} vendor={connector} isOpen={isSyncing} onClose={() => setSyncing(false)} />
    </div>
  );
}
