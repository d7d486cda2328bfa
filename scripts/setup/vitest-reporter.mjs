import { writeFileSync } from 'node:fs';

/** Writes what `npm test` adds up to the file MALLO_REPORT; vitest's own JSON leaves out why a test was skipped. */
export default class {
  onTestRunEnd(modules, errors) {
    const report = { passed: 0, failed: errors.length, skipped: [] };
    for (const module of modules) {
      // A file that cannot be loaded, or a hook around its tests, fails no test.
      report.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') report.passed += 1;
        else if (state === 'failed') report.failed += 1;
        else report.skipped.push({ name: test.fullName, reason: note ?? `marked ${test.options.mode}` });
      }
    }
    writeFileSync(process.env.MALLO_REPORT, JSON.stringify(report));
  }
}
