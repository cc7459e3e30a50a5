import { type Check, carryOut } from './check.js';
import { connectionChecks } from './checks/connections.js';
import { environmentChecks } from './checks/environment.js';
import { postgresChecks } from './checks/postgres.js';
import { redisChecks } from './checks/redis.js';
import { schemaChecks } from './checks/schema.js';
import { workChecks } from './checks/work.js';
import { withHome } from './home-environment.js';
import { type Result, reportOf, withoutSecrets } from './report.js';
import { openScene, type SceneOptions, UnknownOrganizationError } from './scene.js';

export interface DoctorCommand {
  readonly json: boolean;
  readonly testConnections: boolean;
  readonly organization?: string;
}

/** Everything that is looked at, in the order in which it is shown; docs/doctor.md lists the same. */
export const checks: readonly Check[] = [
  ...environmentChecks,
  ...postgresChecks,
  ...redisChecks,
  ...schemaChecks,
  ...connectionChecks,
  ...workChecks,
];

/**
 * `syncline doctor`: looks at everything by itself, whatever is broken, and says what to do. Ends with 0 when there is no
 * problem, 1 when there is one, 2 when it cannot look (an organization that there is none of).
 */
export async function runDoctor({ json, ...asked }: DoctorCommand): Promise<void> {
  const options = { ...asked, env: withHome(process.env), clock: () => new Date() };
  let results: Result[];
  try {
    results = await examine(options);
  } catch (error) {
    if (!(error instanceof UnknownOrganizationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  const problems = results.some(({ status }) => status === 'problem');
  const text = json ? JSON.stringify({ ok: !problems, checks: results }, undefined, 2) : reportOf(results);
  // Whatever a service that hangs has left open keeps nobody waiting.
  process.stdout.write(`${text}\n`, () => process.exit(problems ? 1 : 0));
}

/** Carries all checks out, side by side. Throws UnknownOrganizationError. */
export async function examine(options: SceneOptions): Promise<Result[]> {
  const scene = await openScene(options);
  try {
    return await Promise.all(
      checks.map(async (check) => {
        const { status, message } = await carryOut(check, scene);
        return { id: check.id, status, message: withoutSecrets(message, scene.env) };
      }),
    );
  } finally {
    await scene.close();
  }
}
