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
    only('workload', []),
    only('redis-server', []),
    only('lanes', ['balancing', 'health', 'input']),
    only('sdk', ['lanes', 'health', 'input']),
    only('nest', ['sdk']),
    only('runtime', ['sdk', 'balancing', 'health']),
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
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^(apps|bench|test)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'pure-cores',
      comment: 'balancing and health decide; they touch no process, no store and no framework',
      severity: 'error',
      from: { path: '^libs/(balancing|health)/src/', pathNot: '\\.(spec|bench)\\.ts$' },
      to: { pathNot: '^libs/(balancing|health)/' },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vitest/' } },
    {
      name: 'declared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'production-packages',
      comment: 'what runs without the development packages must not import one',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: '\\.(spec|bench)\\.ts$' },
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
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
