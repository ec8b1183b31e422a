// Who may import whom: style of the house as data. Every rule has a planted violation in
// test/fixtures/rooms, and test/rooms.test.ts demands that each is caught.
const room = (name) => `^src/${name}/`
const others = (...allowed) => `^src/(?!(${allowed.join('|')})/)`

/** From a room to the rooms that it may import; `lib` is open to all. */
const mayImport = {
  api: ['api', 'services', 'contract', 'lib'],
  jobs: ['jobs', 'services', 'queue', 'contract', 'lib'],
  services: [
    'services',
    'built',
    'engine',
    'element',
    'ceql',
    'outbound',
    'queue',
    'store',
    'script',
    'contract',
    'lib',
  ],
  built: ['built', 'element', 'script', 'contract', 'ceql', 'lib'],
  engine: ['engine', 'element', 'ceql', 'outbound', 'lib'],
  queue: ['queue', 'store', 'lib'],
  store: ['store', 'lib'],
  outbound: ['outbound', 'lib'],
  script: ['script', 'lib'],
  ceql: ['ceql', 'lib'],
  element: ['element', 'ceql', 'lib'],
  contract: ['contract', 'lib/ids'],
  lib: ['lib'],
}

const roomRules = Object.entries(mayImport).map(([from, to]) => ({
  name: `room-${from}`,
  comment: `${from} may import ${to.join(', ')} only`,
  severity: 'error',
  from: { path: room(from), pathNot: '\\.test\\.ts$' },
  to: { path: others(...to) },
}))

/** Between services only these pairs. */
const servicePairs = {
  accounts: [],
  bulk: ['accounts', 'instances', 'notifications', 'objects', 'request-log'],
  calls: ['accounts', 'instances', 'notifications'],
  catalogue: [],
  connects: ['accounts', 'catalogue', 'instances'],
  docs: ['catalogue'],
  elements: ['accounts', 'catalogue', 'instances', 'pollers'],
  instances: ['accounts', 'catalogue', 'mapping', 'pollers'],
  mapping: [],
  'event-log': ['accounts', 'instances', 'notifications', 'pollers'],
  events: ['accounts', 'catalogue', 'instances', 'notifications', 'objects', 'pollers', 'request-log'],
  notifications: ['accounts', 'instances', 'pollers'],
  pollers: ['catalogue', 'mapping'],
  keys: ['accounts', 'bulk', 'calls', 'catalogue', 'instances', 'connects'],
  objects: ['instances', 'mapping', 'request-log', 'scripts'],
  'request-log': [],
  scripts: ['mapping'],
  transformations: ['accounts', 'catalogue', 'instances', 'mapping', 'scripts'],
}

const serviceRules = Object.entries(servicePairs).map(([from, to]) => ({
  name: `service-${from}`,
  severity: 'error',
  from: { path: `^src/services/${from}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/services/([^/]+)/', pathNot: `^src/services/(${[from, ...to].join('|')})/` },
}))

/** A room is entered through its index.ts; lib is open. */
const doors = Object.keys(mayImport)
  .filter((name) => name !== 'lib')
  .map((name) => ({
    name: `door-${name}`,
    severity: 'error',
    from: { path: '^(src|elements|bin)/', pathNot: [room(name), '\\.test\\.ts$'] },
    to: { path: room(name), pathNot: `^src/${name}/index\\.ts$` },
  }))

const serviceDoors = Object.keys(servicePairs).map((name) => ({
  name: `door-service-${name}`,
  severity: 'error',
  from: { path: '^src/', pathNot: [`^src/services/${name}/`, '\\.test\\.ts$'] },
  to: { path: `^src/services/${name}/`, pathNot: `^src/services/${name}/index\\.ts$` },
}))

module.exports = {
  forbidden: [
    ...roomRules,
    ...serviceRules,
    ...doors,
    ...serviceDoors,
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-main-imports-elements',
      severity: 'error',
      from: { path: '^(src|bin)/', pathNot: ['^src/main/', '\\.test\\.ts$'] },
      to: { path: '^elements/' },
    },
    {
      name: 'only-bin-and-tests-import-main',
      severity: 'error',
      from: { path: '^(src|elements)/', pathNot: ['^src/main/', '\\.test\\.ts$'] },
      to: { path: room('main') },
    },
    {
      name: 'elements-import-the-kit-only',
      severity: 'error',
      from: { path: '^elements/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(src|elements)/',
        pathNot: ['^src/element/index\\.ts$', '^src/lib/errors\\.ts$', '^elements/$1/'],
      },
    },
    {
      name: 'elements-use-no-package',
      severity: 'error',
      from: { path: '^elements/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'the-sandbox-stands-alone',
      severity: 'error',
      from: { path: '^sandbox/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src|elements|bin|test)/' },
    },
    {
      name: 'the-sandbox-needs-no-package',
      severity: 'error',
      from: { path: '^sandbox/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'console-imports-contract-types-only',
      comment: 'the page runs in a browser: of ours it knows the shapes of the API, and nothing that runs',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(src|elements|sandbox|bin|test)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'console-imports-contract-only',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(src|elements|sandbox|bin|test)/', pathNot: '^src/contract/index\\.ts$' },
    },
    {
      name: 'nobody-imports-the-console',
      severity: 'error',
      from: { path: '^(src|elements|sandbox|bin|test)/' },
      to: { path: '^console/' },
    },
    {
      name: 'sql-in-store-only',
      severity: 'error',
      from: { path: '^(src|elements|bin)/', pathNot: ['^src/(store|queue)/', '\\.test\\.ts$'] },
      to: { path: '(^|/)node_modules/(pg|kysely)/|^(pg|kysely)$' },
    },
    {
      name: 'sockets-in-outbound-only',
      severity: 'error',
      from: {
        path: '^(src|elements|bin)/',
        pathNot: ['^src/(outbound|main|api/http)/', '^src/store/embedded/', '\\.test\\.ts$'],
      },
      to: {
        path: '^(node:)?(http|https|http2|net|tls|dgram|undici)$|(^|/)node_modules/(undici|nodemailer)/',
      },
    },
    {
      name: 'interpreter-in-script-only',
      comment: 'what a customer wrote runs in the sandbox of src/script, and nowhere else',
      severity: 'error',
      from: { path: '^(src|elements|bin|sandbox)/', pathNot: ['^src/script/', '\\.test\\.ts$'] },
      to: {
        path: '(^|/)node_modules/quickjs-emscripten/|^(node:)?(vm|worker_threads)$|^quickjs-emscripten$',
      },
    },
    {
      name: 'not-unresolvable',
      severity: 'error',
      from: { path: '^(src|elements|bin|sandbox|console)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      // Without `source` the import map resolves to nothing, and nothing is ever forbidden.
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
