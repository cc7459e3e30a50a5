// The import arrows of docs/architecture.md, "Who imports whom". Files are read with swc, because TypeScript 7 has no
// API that dependency-cruiser could use; swc reports type-only imports like any other, so they count as well.
//
// An import of a workspace package ends at its `dist`, an import by relative path in its `src`: that difference is how
// a shortcut around a package's front door is seen.

/** What tests bring along: harnesses beside the source, and files that vitest runs. */
const testFile = '(\\.test\\.ts$|/test-client\\.ts$|^(packages|apps)/.+/(test|testing)/|^test/)';
/** A vendor's own server for tests and demonstrations, and what all of these are made of. */
const simulator = '^packages/connectors/([^/]+/simulator|simulation)/';
/** What may not be known of the machine and the network where a vendor is only described. */
const allowedInConnectors = '(^|/)node_modules/zod/|^(node:)?(crypto|url|util)$';

/** A package, apart from its tests, may import of ours itself and the packages named; nothing else. */
function mayImport(name, folder, ...packages) {
  const allowed = [folder, ...packages.map((one) => `packages/${one}`)];
  return {
    name,
    severity: 'error',
    from: { path: `^${folder}/`, pathNot: testFile },
    to: { path: '^(packages|apps|bench|test|scripts|examples)/', pathNot: `^(${allowed.join('|')})/` },
  };
}

/** A library that one package is the door to. Tests and benchmarks may look at the other side themselves. */
function onlyDoor(name, library, ...packages) {
  return {
    name,
    severity: 'error',
    from: { path: '^(packages|apps)/', pathNot: `${testFile}|^packages/(${packages.join('|')})/` },
    to: { path: `(^|/)node_modules/(${library})/` },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'What imports itself in the end cannot be understood, tested or initialised alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere would escape every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'front-door',
      comment:
        "Another package is imported by its name, never by a path into its folder; but for tests' own harnesses.",
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: { path: '^(packages|apps)/[^/]+/', pathNot: ['^$1/$2/', '^packages/[^/]+/dist/', testFile] },
    },
    {
      name: 'front-door-dist',
      comment: 'Nor by a path to its build.',
      severity: 'error',
      from: { path: '^(packages|apps|bench|test)/' },
      to: { path: '/dist/', dependencyTypes: ['local'] },
    },
    {
      name: 'front-door-outside',
      severity: 'error',
      from: { path: '^(bench|test|scripts)/' },
      to: { path: '^packages/[^/]+/', pathNot: ['^packages/[^/]+/dist/', testFile] },
    },
    {
      name: 'no-tests-in-production',
      comment: 'What ships does not lean on test files.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: [testFile, '^packages/testing/'] },
      to: { path: [testFile, '^packages/testing/', '(^|/)node_modules/vitest/'] },
    },

    mayImport('client-alone', 'packages/client'),
    mayImport('kit-alone', 'packages/connector-kit'),
    mayImport('config-alone', 'packages/config'),
    mayImport('metrics-alone', 'packages/metrics'),
    mayImport('embedded-alone', 'packages/embedded'),
    mayImport('tracing-alone', 'packages/tracing'),
    mayImport('store-knows-kit', 'packages/store', 'connector-kit', 'tracing'),
    mayImport('queue-knows-kit', 'packages/queue', 'connector-kit'),
    mayImport('http-knows-kit', 'packages/http', 'connector-kit', 'metrics', 'tracing'),
    mayImport(
      'engine-knows-no-vendor',
      'packages/engine',
      'connector-kit',
      'metrics',
      'tracing',
      'store',
      'queue',
      'http',
    ),
    mayImport('connectors-know-kit', 'packages/connectors', 'connector-kit'),
    mayImport(
      'service-frames-processes',
      'packages/service',
      'config',
      'connector-kit',
      'metrics',
      'store',
      'queue',
      'http',
      'engine',
      'tracing',
    ),
    mayImport('examples-are-users', 'examples', 'connectors', 'engine/dist/library', 'client'),
    {
      name: 'library-is-a-door',
      comment: "For programs of one's own. The engine does not lean on it, and our processes have the front door.",
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: '^packages/engine/src/library/' },
      to: { path: '^packages/engine/(src|dist)/library/' },
    },
    mayImport('testing-knows-services', 'packages/testing', 'config', 'embedded', 'store'),
    {
      name: 'nobody-imports-apps',
      comment:
        'Apps wire packages; they are ends, and do not know each other. Tests may use what an app has for its own.',
      severity: 'error',
      from: { path: '^(packages|bench|test|scripts|examples)/' },
      to: { path: '^apps/', pathNot: '^apps/[^/]+/testing/' },
    },
    {
      name: 'apps-apart',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^(apps/|bench/|test/|scripts/)', pathNot: '^apps/$1/' },
    },
    {
      name: 'config-for-wiring',
      comment: 'The environment is read where things are wired, and handed on as values.',
      severity: 'error',
      from: { path: '^(packages|bench)/', pathNot: [testFile, '^packages/(config|service|testing)/'] },
      to: { path: '^packages/config/' },
    },
    {
      name: 'service-for-apps',
      comment: 'What a process does at its start and end is the business of processes.',
      severity: 'error',
      from: { path: '^packages/', pathNot: [testFile, '^packages/service/'] },
      to: { path: '^packages/service/' },
    },
    {
      name: 'embedded-for-beginners',
      comment: 'API and workers run on services that are given to them.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: [testFile, '^packages/(embedded|testing)/', '^apps/cli/'] },
      to: { path: '^packages/embedded/' },
    },

    {
      name: 'client-is-light',
      comment: 'It is loaded by pages, and installed beside the libraries of others.',
      severity: 'error',
      from: { path: '^packages/client/', pathNot: testFile },
      to: {
        path: '.',
        pathNot:
          '^packages/client/|(^|/)node_modules/(openapi-fetch|eventsource-parser|react|@tanstack/react-query|@types/react)/',
      },
    },
    {
      name: 'react-by-its-own-door',
      comment: 'Whoever has no React can use the client nevertheless.',
      severity: 'error',
      from: { path: '^packages/client/src/', pathNot: [testFile, '^packages/client/src/react/'] },
      to: { path: '^packages/client/src/react/|(^|/)node_modules/(react|@tanstack/react-query)/' },
    },

    {
      name: 'vendors-apart',
      severity: 'error',
      from: { path: '^packages/connectors/([^/]+)/' },
      to: { path: '^packages/connectors/', pathNot: '^packages/connectors/($1|simulation|dist)/' },
    },
    {
      name: 'connector-has-no-door',
      comment:
        'A connector describes a vendor and nothing else. With a door of its own to network, database or queue, budget, ' +
        'egress guard and fencing would be a matter of good will.',
      severity: 'error',
      from: { path: '^packages/connectors/', pathNot: [simulator, testFile] },
      to: { pathNot: ['^packages/', allowedInConnectors] },
    },
    {
      name: 'entity-is-a-description',
      comment: 'The file of an entity: kit, zod and what its own vendor shares.',
      severity: 'error',
      from: { path: '^packages/connectors/[^/]+/entities/', pathNot: testFile },
      to: { pathNot: ['^packages/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'connector-without-simulator',
      severity: 'error',
      from: { path: '^packages/connectors/', pathNot: [simulator, testFile] },
      to: { path: simulator },
    },
    {
      name: 'simulator-stands-alone',
      comment: 'A simulator that used the code it is there to check would agree with its mistakes.',
      severity: 'error',
      from: { path: '^packages/connectors/([^/]+)/simulator/', pathNot: testFile },
      to: {
        path: '^(packages|apps)/',
        pathNot: ['^packages/connectors/($1/simulator|simulation)/', '^packages/connector-kit/'],
      },
    },
    {
      name: 'simulator-is-light',
      severity: 'error',
      from: { path: simulator, pathNot: testFile },
      to: { path: '(^|/)node_modules/', pathNot: '/node_modules/(zod|fastify)/' },
    },

    onlyDoor('door-to-vendors', 'undici', 'http'),
    onlyDoor('door-to-bullmq', 'bullmq|bullmq-otel', 'queue'),
    onlyDoor('door-to-postgres', 'pg|kysely|pg-copy-streams', 'store', 'testing'),
    onlyDoor('door-to-prometheus', 'prom-client', 'metrics'),
    onlyDoor('door-to-opentelemetry', '@opentelemetry/[^/]+', 'tracing'),
    onlyDoor('door-to-redis', 'ioredis', 'queue', 'http', 'testing'),
  ],

  options: {
    parser: 'swc',
    // The parser cannot read JSX here. Cycles of the dashboard are Biome's to find, and pnpm gives it no package but the client.
    exclude: { path: '^apps/dashboard/' },
    // Their insides are not followed, and not cruised either.
    doNotFollow: { path: ['(^|/)node_modules/', '(^|/)dist/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
