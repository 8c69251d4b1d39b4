/** Who may import whom: apps -> runtime -> sdk -> lanes -> (balancing, health, input); every library by its index only. */
const lib = (name) => `^libs/${name}/`;
const only = (from, allowed) => ({
  name: `${from}-imports`,
  comment: `libs/${from} may import only ${allowed.join(', ') || 'itself'} of ours`,
  severity: 'error',
  from: { path: lib(from), pathNot: '\\.(spec|bench)\\.ts$' },
  to: { path: '^(libs|apps|bench|test)/', pathNot: [from, ...allowed].map(lib) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('balancing', []),
    only('health', []),
    only('input', []),
    only('probes', []),
    only('workload', []),
    only('redis-server', []),
    only('lanes', ['balancing', 'health', 'input']),
    only('sdk', ['lanes', 'balancing', 'health', 'input']),
    only('nest', ['sdk']),
    only('runtime', ['sdk', 'balancing', 'health', 'input']),
    {
      name: 'libraries-by-index',
      comment: 'across libraries only index.ts is imported',
      severity: 'error',
      from: { path: '^(libs|apps|bench|test)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'apps-are-leaves',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/dashboard/src/api/types\\.ts$' },
      to: { path: '^(apps|bench|test)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'page-and-api',
      comment: 'the page knows of the dispatcher the types of its answers alone, and of the rest nothing',
      severity: 'error',
      from: { path: '^apps/dashboard/src/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^(apps/dispatcher|libs|bench|test)/',
        pathNot: '^apps/dispatcher/src/http/answers\\.ts$',
      },
    },
    {
      name: 'pure-cores',
      comment: 'balancing and health decide; they touch no process, no store and no framework',
      severity: 'error',
      from: { path: '^libs/(balancing|health)/src/', pathNot: '\\.(spec|bench)\\.ts$' },
      to: { pathNot: '^libs/(balancing|health)/' },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vite(?:st)?(?:/|$)' },
    },
    {
      name: 'declared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'production-packages',
      comment: 'what runs without the development packages must not import one; the page is bundled when it is built',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: ['\\.(spec|bench)\\.ts$', '^apps/dashboard/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.mjs$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
