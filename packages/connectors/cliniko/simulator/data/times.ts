/** A moment as it is sent: whole seconds, in UTC. The vendor itself knows it more exactly. */
export function shownTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
