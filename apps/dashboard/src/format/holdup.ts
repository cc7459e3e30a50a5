const words: Readonly<Record<string, string>> = {
  stopped: 'the emergency stop is on',
  connection_paused: 'the connection is paused',
  budget: "waits for the vendor's quota",
  vendor_rate_limit: 'the vendor asked to slow down',
  circuit: 'the vendor is left alone for a while',
  retry: 'waits for the next try',
  turn: 'waits for its turn',
  no_worker: 'no worker is there',
  queue_unavailable: 'the queue cannot be reached',
  not_queued: 'is being put back into its queue',
};

/** Why a job does not move, in a few words. */
export function wordsForHoldup(reason: string): string {
  return words[reason] ?? reason.replaceAll('_', ' ');
}
