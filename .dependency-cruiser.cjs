/** Who may know whom. See ARCHITECTURE.md for the reasons. */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one thing, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: '/generated/' } },
    },
    {
      name: 'apps-meet-over-the-wire',
      comment: 'An app never imports another app; what both need to know is in contracts.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'packages-know-no-apps',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|e2e|benchmarks)/' },
    },
    {
      name: 'contracts-import-zod-only',
      comment: 'Everything imports contracts, browsers too.',
      severity: 'error',
      from: { path: '^packages/contracts/src/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^packages/contracts/src/', '^zod$', 'node_modules/zod/'] },
    },
    {
      name: 'capabilities-meet-through-services',
      comment: 'A capability of the api uses another through its service, module or port, never its store.',
      severity: 'error',
      from: { path: '^apps/api/src/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^apps/api/src/[^/]+/.+\\.repository\\.ts$', pathNot: '^apps/api/src/$1/' },
    },
    {
      name: 'only-stores-know-tables',
      comment: 'Prisma is used where data is stored, and nowhere else.',
      severity: 'error',
      from: {
        path: '^apps/api/src/',
        pathNot: ['\\.repository\\.ts$', '^apps/api/src/(database|generated|testing)/', '\\.test\\.ts$'],
      },
      to: { path: '^apps/api/src/generated/' },
    },
    {
      name: 'everything-can-be-found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['\\.css$', '/generated/'] },
    },
  ],
  options: {
    parser: 'tsc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.next|\\.venv|\\.tools)/' },
    tsPreCompilationDeps: true,
    // The web app's own “@/…” is spoken nowhere else.
    tsConfig: { fileName: 'apps/web/tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
