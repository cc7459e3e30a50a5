/** What a soak is told by its environment. Printed by each test, so that a failure can be repeated. */
const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);

export const soak = {
  /** Decides every random choice. */
  seed: number('SOAK_SEED', Math.floor(Date.now() / 1_000) % 1_000_000),
  /** How long faults go on where they go on. */
  seconds: number('SOAK_SECONDS', 180),
  /** How long a service is gone. */
  outageSeconds: number('SOAK_OUTAGE_SECONDS', 600),
};
