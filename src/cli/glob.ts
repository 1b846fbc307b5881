import { readdirSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { byCodeUnit } from '../artifacts/artifact.ts';

/**
 * The files that a pattern names, sorted by code unit, written as the pattern is: relative when it is. `*`, `?`, `[…]`
 * and `{a,b}` stay within a name, `**` stands for any folders. None of them matches a leading dot, and `**` does not
 * walk through links. Folders that cannot be read are passed over.
 */
export function expandGlob(pattern: string, cwd: string): string[] {
  const found = new Set<string>();
  for (const one of braces(sep === '\\' ? pattern.replaceAll('\\', '/') : pattern)) {
    // With a slash at its end a pattern names folders.
    if (one.endsWith('/')) continue;
    const root = /^(?:[A-Za-z]:)?\/+/.exec(one)?.[0] ?? '';
    const steps = one
      .slice(root.length)
      .split('/')
      .filter((step, at, all) => step !== '' && !(step === '**' && all[at - 1] === '**'));
    walk(root, steps, cwd, found);
  }
  return [...found].sort(byCodeUnit);
}

/** Whether a text is a pattern rather than a name. */
function isPattern(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/** Each alternative can double the patterns: beyond this many the braces stay as they are. */
const maxAlternatives = 1000;

/** `a.{b,c}` as `a.b` and `a.c`, innermost first. */
function braces(pattern: string): string[] {
  let done = [pattern];
  for (;;) {
    const next = done.flatMap((one) => {
      const [whole, inner = ''] = /\{([^{}]*,[^{}]*)\}/.exec(one) ?? [];
      return whole === undefined ? [one] : inner.split(',').map((text) => one.replace(whole, () => text));
    });
    if (next.length === done.length || next.length > maxAlternatives) return done;
    done = next;
  }
}

function walk(base: string, steps: readonly string[], cwd: string, found: Set<string>): void {
  const [step, ...rest] = steps;
  if (step === undefined) return;
  if (step === '**') {
    walk(base, rest, cwd, found);
    for (const entry of entriesOf(base, cwd))
      if (entry.isDirectory() && !entry.name.startsWith('.')) walk(`${base}${entry.name}/`, steps, cwd, found);
    // `**` at the end names every file below.
    if (rest.length === 0) walk(base, ['*'], cwd, found);
    return;
  }
  if (!isPattern(step)) {
    enter(base, step, rest, cwd, found);
    return;
  }
  const matches = matcherOf(step);
  for (const { name } of entriesOf(base, cwd)) if (matches(name)) enter(base, name, rest, cwd, found);
}

/** One more name of the path: a file at its end, a folder before. */
function enter(base: string, name: string, rest: readonly string[], cwd: string, found: Set<string>): void {
  if (rest.length > 0) walk(`${base}${name}/`, rest, cwd, found);
  else if (isFile(resolve(cwd, `${base}${name}`))) found.add(`${base}${name}`);
}

function entriesOf(base: string, cwd: string) {
  try {
    return readdirSync(resolve(cwd, base), { withFileTypes: true });
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** One name of a pattern as a test. `*` is matched without backtracking over more than one star at a time. */
function matcherOf(step: string): (name: string) => boolean {
  const parts = step.match(/\[!?\]?[^\]]*\]|\*+|./gsu) ?? [];
  const tests = parts.map((part): ((character: string) => boolean) | undefined => {
    if (part.startsWith('*')) return undefined;
    if (part === '?') return () => true;
    return part.length > 1 && part.startsWith('[') ? classOf(part) : (character) => character === part;
  });
  return (name) => (step.startsWith('.') || !name.startsWith('.')) && matches([...name], tests);
}

function matches(name: readonly string[], tests: readonly (((character: string) => boolean) | undefined)[]): boolean {
  let [at, step, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    const test = tests[step];
    if (step < tests.length && test === undefined) {
      star = step++;
      mark = at;
    } else if (test?.(name[at] ?? '')) {
      at++;
      step++;
    } else if (star >= 0) {
      step = star + 1;
      at = ++mark;
    } else return false;
  }
  while (step < tests.length && tests[step] === undefined) step++;
  return step === tests.length;
}

/** `[a-z]`, `[!0-9]`. */
function classOf(part: string): (character: string) => boolean {
  const isNegated = part.startsWith('[!');
  const inner = [...part.slice(isNegated ? 2 : 1, -1)];
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < inner.length; at++) {
    const [from = '', dash, to] = inner.slice(at, at + 3);
    const isRange = dash === '-' && to !== undefined;
    ranges.push([from, isRange ? to : from]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== isNegated;
}
