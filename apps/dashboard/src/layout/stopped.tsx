import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { stopQuery } from '../api/administration.js';
import { Moment } from '../ui/moment.js';
import { Note } from '../ui/note.js';

/** On every page: whoever wonders why nothing moves has to see that somebody stopped it. */
export function Stopped() {
  const { data: stop } = useQuery(stopQuery);
  if (stop?.isActive !== true) return null;
  return (
    <div className="mb-4">
      <Note tone="bad">
        All syncs are stopped since <Moment at={stop.since} />
        {stop.by && ` by ${stop.by}`}
        {stop.reason && `: ${stop.reason}`}.{' '}
        <Link to="/settings" className="font-medium underline underline-offset-2">
          To the emergency stop
        </Link>
      </Note>
    </div>
  );
}
