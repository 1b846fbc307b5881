import type { Reporter, TestModule } from 'vitest/node';

/** Names every check that was not run because a program is absent: nothing is skipped in silence. */
export default class AbsentReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests()].map(({ fullName }) => fullName).filter((name) => name.includes('[not run: ')),
    );
    if (names.length === 0) return;
    process.stdout.write(
      `\nChecks whose program is absent (${names.length}):\n${names.map((name) => `- ${name}\n`).join('')}`,
    );
  }
}
