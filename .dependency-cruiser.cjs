// Imports go one way: main -> cli -> app -> triggers -> stages -> ports -> domain, and adapters -> ports -> domain.
const stages = '^controller/(planning|approval|execution|watchdog|reporting)/';
const forbid = (name, from, to, extra = {}) => ({
  name,
  severity: 'error',
  from,
  to: { path: to, ...extra },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    forbid('domain-imports-only-domain', { path: '^controller/domain/' }, '^controller/(?!domain/)'),
    forbid('ports-import-only-domain', { path: '^controller/ports/' }, '^controller/(?!domain/|ports/)'),
    forbid(
      'stages-import-only-ports-and-domain',
      { path: stages },
      '^controller/(adapters/|triggers/|cli/|app/|(app|config[a-z-]*|main)\\.ts)',
    ),
    forbid(
      'stages-do-not-import-each-other',
      { path: '^controller/(planning|approval|execution|watchdog|reporting)/' },
      stages,
      {
        pathNot: '^controller/$1/',
      },
    ),
    // It measures the planning stage from outside; nothing that runs needs it.
    forbid(
      'evaluation-imports-only-planning-ports-and-domain',
      { path: '^controller/evaluation/' },
      '^controller/(?!evaluation/|planning/|ports/|domain/)',
    ),
    forbid(
      'only-app-and-cli-import-evaluation',
      { path: '^controller/(?!evaluation/|app/|app\\.ts|cli/)' },
      '^controller/evaluation/',
    ),
    forbid(
      'adapters-import-only-ports-and-domain',
      { path: '^controller/adapters/' },
      '^controller/((planning|approval|execution|watchdog|triggers|cli|app)/|(app|config[a-z-]*|main)\\.ts)',
    ),
    forbid(
      'adapters-do-not-import-each-other',
      { path: '^controller/adapters/([^/]+)' },
      '^controller/adapters/',
      {
        pathNot: '^controller/adapters/$1',
      },
    ),
    forbid(
      'triggers-do-not-import-adapters',
      { path: '^controller/triggers/' },
      '^controller/(adapters/|cli/|app/|(app|main)\\.ts)',
    ),
    forbid(
      'only-app-knows-adapters',
      { path: '^controller/(?!app\\.ts|app/|adapters/)' },
      '^controller/adapters/',
      {
        pathNot: '^controller/adapters/.*/entry/',
      },
    ),
    forbid(
      'nothing-imports-the-command-line',
      { path: '^controller/(?!cli/|main\\.ts)' },
      '^controller/(cli/|main\\.ts)',
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
