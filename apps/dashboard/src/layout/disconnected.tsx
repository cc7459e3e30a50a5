import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLive } from '../api/live.js';

/** A stream is opened in less time than this; what is shorter need not be said. */
const patienceMs = 3_000;

/** Says when what is shown may be old. */
export function Disconnected() {
  const { isConnected } = useLive();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (isConnected) return;
    const timer = setTimeout(() => setLong(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isConnected]);
  if (isConnected || !isLong) return null;
  return (
    <p
      role="status"
      className="mb-4 flex items-center gap-2.5 rounded-xl border border-warn bg-warn-soft px-4 py-2.5 text-sm"
    >
      <WifiOff size={16} aria-hidden="true" className="text-warn" />
      Syncline cannot be reached. What is shown may be old; it goes on by itself.
    </p>
  );
}
