/**
 * The one candidate that a misspelt name most likely means: same but for case, `-` and `_`, or at most two edits
 * and at most a third of the longer name away. Undefined when none or several are equally near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  let isTie = false;
  for (const candidate of new Set(candidates)) {
    if (candidate === name) continue;
    const distance = fold(candidate) === fold(name) ? 0 : editDistance(name, candidate);
    const limit = Math.min(2, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (distance > limit || distance > bestDistance) continue;
    isTie = distance === bestDistance;
    best = candidate;
    bestDistance = distance;
  }
  return isTie ? undefined : best;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above 2 is given as 3. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > 2) return 3;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 3;
}
