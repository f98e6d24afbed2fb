/**
 * The import rules of src/ (docs/architecture.md explains them). `npm run lint` checks them on resolved paths, and
 * counts `import`, `export … from`, `require()`, `import()` and imports of types alike.
 */

/** The ground floor: every room may import these. They import nothing of ours, except that errors use util. */
const GROUND = ['errors', 'model', 'util'];

/**
 * The rooms of src/ (folders, and files at its top) from the lowest floor up. A room imports only the rooms that its
 * row names, and these stand in the rows above it. `types` are rooms of which a room imports types only.
 */
const ROOMS = {
  packages: {},
  temporal: {},
  source: {},
  sdk: { imports: ['temporal'] },
  server: {},
  explain: {},
  options: {},
  history: { imports: ['temporal', 'sdk'] },
  gate: { types: ['options'] },
  patching: { imports: ['source'] },
  cause: { imports: ['source'] },
  diagnosis: { imports: ['source', 'patching', 'cause'] },
  advice: { imports: ['diagnosis', 'patching'] },
  init: { imports: ['source', 'packages'] },
  fix: { imports: ['patching'] },
  coverage: { imports: ['sdk', 'source'] },
  // Downloads are checked, and stored and encoded as history files.
  fetch: { imports: ['packages', 'temporal', 'history', 'options'] },
  // Each process loads the worker's module: plugins and codecs cannot be sent to another process.
  'worker-options': { imports: ['sdk', 'options'] },
  // Coverage instruments the workflow code while webpack bundles it.
  bundle: {
    imports: ['packages', 'source', 'sdk', 'coverage'],
    types: ['options', 'worker-options'],
  },
  // The replay process decodes and validates the histories that it replays.
  replay: {
    imports: ['packages', 'temporal', 'source', 'sdk', 'history', 'worker-options'],
    types: ['bundle'],
  },
  report: { types: ['history', 'coverage'] },
  github: { imports: ['report'] },
  run: {
    imports: [
      'packages',
      'options',
      'history',
      'fetch',
      'gate',
      'patching',
      'cause',
      'diagnosis',
      'advice',
      'coverage',
      'worker-options',
      'bundle',
      'source',
      'replay',
    ],
  },
  // Open runs are listed and downloaded while the pipeline replays them.
  versions: {
    imports: ['temporal', 'source', 'options', 'history', 'fetch', 'patching', 'run'],
    types: ['bundle', 'replay'],
  },
  testing: {
    imports: [
      'advice',
      'packages',
      'temporal',
      'source',
      'sdk',
      'server',
      'options',
      'history',
      'coverage',
      'worker-options',
      'bundle',
      'replay',
      'report',
      'run',
    ],
  },
  jest: { imports: ['packages', 'coverage', 'testing'] },
  vitest: { imports: ['coverage', 'testing'] },
  index: { imports: ['packages', 'options', 'history', 'fetch', 'run', 'versions'] },
  cli: {
    imports: [
      'packages',
      'server',
      'explain',
      'options',
      'history',
      'gate',
      'patching',
      'fix',
      'init',
      'fetch',
      'bundle',
      'report',
      'github',
      'run',
      'versions',
    ],
  },
};

/** Packages that are imported in one place only. `typesAnywhere`: their types may be imported elsewhere too. */
const ONE_PLACE = [
  { package: 'yargs', in: ['cli'] },
  { package: 'cli-progress', in: ['cli'] },
  { package: 'p-limit', in: ['fetch'] },
  { package: 'chokidar', in: ['run/watch'] },
  { package: 'jiti', in: ['util'] },
  { package: 'xmlbuilder2', in: ['report'] },
  // Its escape sequences are those of every program: src/report/text/paint.ts makes them our own.
  { package: 'picocolors', in: ['report'] },
  { package: '@temporalio/envconfig', in: ['fetch'] },
  { package: '@temporalio/testing', in: ['server'], typesAnywhere: true },
  // Loading it takes 0.3 s, which a test file would pay: of testing/, only the test worker does.
  {
    package: '@temporalio/worker',
    in: ['bundle', 'replay', 'sdk', 'testing/worker'],
    typesAnywhere: true,
  },
];

/** Rules within a room; paths are below src/. */
const WITHIN_ROOMS = [
  {
    name: 'verdict-is-pure',
    comment: 'A verdict follows from events and commands alone.',
    from: ['replay/verdict/'],
    to: ['replay/(?!verdict/)', 'history/', 'sdk/', 'bundle/'],
  },
  {
    name: 'parent-and-child-share-the-protocol',
    comment: 'The parent of the replay processes does not load what runs in them.',
    from: ['replay/pool/(?!replay-process-main|child-channel)'],
    to: ['replay/pool/replay-process-main', 'replay/history-replayer', 'replay/engine/', 'replay/verdict/'],
  },
  {
    name: 'test-process-is-light',
    comment: 'Bundles, replays and servers belong to the test worker: a test file does not load them.',
    from: ['testing/(?!worker/)', 'jest/', 'vitest/'],
    to: ['bundle/', 'replay/', 'run/run', 'server/'],
    exceptTypes: true,
  },
];

const TYPES = ['type-only', 'type-import'];
const anyOf = (paths) => `^src/(${paths.join('|')})`;
const inRooms = (rooms) => `^src/(${rooms.join('|')})(/|\\.ts$)`;

function roomRules([name, { imports = [], types = [] }], index, rows) {
  const higher = [...imports, ...types].find((room) => rows.findIndex(([row]) => row === room) >= index);
  if (higher) throw new Error(`.dependency-cruiser.cjs: src/${higher} does not stand above src/${name}.`);
  const values = [name, ...GROUND, ...imports];
  const comment = `src/${name} imports only the rooms that its row in .dependency-cruiser.cjs names.`;
  const rules = [
    {
      name: `room-${name}`,
      comment,
      severity: 'error',
      from: { path: inRooms([name]) },
      to: { path: '^src/', pathNot: inRooms([...values, ...types]) },
    },
  ];
  if (types.length > 0) {
    rules.push({
      name: `room-${name}-types`,
      comment: `src/${name} imports only types of: ${types.join(', ')}.`,
      severity: 'error',
      from: { path: inRooms([name]) },
      to: { path: inRooms(types), dependencyTypesNot: TYPES },
    });
  }
  return rules;
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that import each other cannot be read or tested one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'ground-floor',
      comment: `${GROUND.join(', ')} import nothing of ours outside their own folder.`,
      severity: 'error',
      from: { path: '^src/(model|util)/' },
      to: { path: '^src/', pathNot: '^src/$1/' },
    },
    {
      name: 'ground-floor-errors',
      comment: 'The error class imports only helpers of src/util.',
      severity: 'error',
      from: { path: inRooms(['errors']) },
      to: { path: '^src/', pathNot: '^src/util/' },
    },
    {
      name: 'known-room',
      comment: 'A new folder or file at the top of src/ needs a row in .dependency-cruiser.cjs.',
      severity: 'error',
      from: { path: '^src/', pathNot: inRooms([...GROUND, ...Object.keys(ROOMS)]) },
      to: {},
    },
    ...Object.entries(ROOMS).flatMap(roomRules),
    {
      name: 'src-alone',
      comment: 'The package does not contain tests, examples, scripts, bench or demo.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|examples|scripts|bench|demo)/' },
    },
    ...WITHIN_ROOMS.map(({ name, comment, from, to, exceptTypes }) => ({
      name,
      comment,
      severity: 'error',
      from: { path: anyOf(from) },
      to: { path: anyOf(to), ...(exceptTypes && { dependencyTypesNot: TYPES }) },
    })),
    ...ONE_PLACE.map((row) => ({
      name: `one-place-${row.package}`,
      comment: `${row.package} is imported in ${row.in.map((at) => `src/${at}`).join(', ')} only.`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${row.in.join('|')})/` },
      to: {
        path: `(^|/)node_modules/(@types/)?${row.package}/`,
        ...(row.typesAnywhere && { dependencyTypesNot: TYPES }),
      },
    })),
    {
      name: 'no-development-packages',
      comment: 'A user who installs this package does not get its devDependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        // The test runner that loads such a file resolves the one or the other itself.
        pathNot: '(^|/)node_modules/(@jest/globals|vitest)/',
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer', ...TYPES],
      },
    },
    {
      name: 'resolvable',
      comment: 'TypeScript does not check the paths that are given to require().',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^\\.', couldNotResolve: true },
    },
  ],
  options: {
    // Imports of types count, and imports of types only are told apart.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.mts', '.js'] },
  },
};
