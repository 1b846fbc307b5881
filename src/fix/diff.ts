/** More differences than this are shown as one block; a diff of more is nothing that people read. */
const maxDistance = 1000;

interface Step {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

/**
 * The unified diff from one text to another with some lines of context around each change; the empty string where they
 * are the same.
 */
export function unifiedDiff(name: string, before: string, after: string, context = 3): string {
  if (before === after) return '';
  const steps = stepsBetween(linesOf(before), linesOf(after));
  const hunks = hunksOf(steps, context).map(({ from, to }) => hunk(steps, from, to));
  return `--- ${name}\n+++ ${name}\n${hunks.join('')}`;
}

/** With line breaks; the last may have none. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function hunk(steps: readonly Step[], from: number, to: number): string {
  const count = (part: readonly Step[], other: Step['mark']): number =>
    part.filter(({ mark }) => mark !== other).length;
  const before = steps.slice(0, from);
  const shown = steps.slice(from, to);
  const range = (start: number, length: number): string => {
    const first = length === 0 ? start : start + 1;
    return length === 1 ? String(first) : `${first},${length}`;
  };
  const old = range(count(before, '+'), count(shown, '+'));
  const fresh = range(count(before, '-'), count(shown, '-'));
  const body = shown.map(({ mark, line }) =>
    line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`,
  );
  return `@@ -${old} +${fresh} @@\n${body.join('')}`;
}

/** Runs of changes with their context; those whose contexts touch are one. */
function hunksOf(steps: readonly Step[], context: number): { from: number; to: number }[] {
  const hunks: { from: number; to: number }[] = [];
  for (const [at, { mark }] of steps.entries()) {
    if (mark === ' ') continue;
    const last = hunks.at(-1);
    const to = Math.min(at + 1 + context, steps.length);
    if (last && at - context <= last.to) last.to = to;
    else hunks.push({ from: Math.max(0, at - context), to });
  }
  return hunks;
}

function stepsBetween(a: readonly string[], b: readonly string[]): Step[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const same = (lines: readonly string[]): Step[] => lines.map((line) => ({ mark: ' ', line }));
  return [
    ...same(a.slice(0, start)),
    ...shortest(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

/** Myers' shortest edit script: `trace` keeps, for each distance, how far each diagonal got. */
function shortest(a: readonly string[], b: readonly string[]): Step[] {
  const trace: ReadonlyMap<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let distance = 0; distance <= Math.min(a.length + b.length, maxDistance); distance++) {
    trace.push(reached);
    const next = new Map(reached);
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      let x = startOf(reached, diagonal, distance);
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkBack(a, b, trace);
    }
    reached = next;
  }
  return [...a.map((line): Step => ({ mark: '-', line })), ...b.map((line): Step => ({ mark: '+', line }))];
}

/** Whether the best way to a diagonal takes in a line of `b`; else it leaves out one of `a`. */
function isInsertion(reached: ReadonlyMap<number, number>, diagonal: number, distance: number): boolean {
  if (diagonal === -distance || diagonal === distance) return diagonal === -distance;
  return (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1);
}

/** How many lines of `a` are behind where a diagonal starts at a distance. */
function startOf(reached: ReadonlyMap<number, number>, diagonal: number, distance: number): number {
  return isInsertion(reached, diagonal, distance)
    ? (reached.get(diagonal + 1) ?? -1)
    : (reached.get(diagonal - 1) ?? -1) + 1;
}

function walkBack(a: readonly string[], b: readonly string[], trace: readonly ReadonlyMap<number, number>[]): Step[] {
  const steps: Step[] = [];
  let x = a.length;
  let y = b.length;
  for (let distance = trace.length - 1; distance >= 0; distance--) {
    const reached = trace[distance] ?? new Map<number, number>();
    const diagonal = x - y;
    const from = startOf(reached, diagonal, distance);
    while (x > from && y > from - diagonal) {
      steps.push({ mark: ' ', line: a[x - 1] ?? '' });
      x--;
      y--;
    }
    if (distance === 0) break;
    if (isInsertion(reached, diagonal, distance)) steps.push({ mark: '+', line: b[--y] ?? '' });
    else steps.push({ mark: '-', line: a[--x] ?? '' });
  }
  return steps.reverse();
}
