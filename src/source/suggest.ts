/**
 * The one candidate that a misspelt name most likely means: same but for case, `-`, `_` and plural endings; or at most
 * two edits and at most a third of the longer name away; or the only one that has all of its words. Undefined when none
 * or several are equally near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = formsOf(name);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  let isTie = false;
  const others = allFormsOf(candidates).filter((candidate) => candidate.name !== name);
  for (const candidate of others) {
    const distance = distanceTo(wanted, candidate);
    const limit = Math.min(2, Math.floor(Math.max(name.length, candidate.name.length) / 3));
    if (distance > limit || distance > bestDistance) continue;
    isTie = distance === bestDistance;
    best = candidate.name;
    bestDistance = distance;
  }
  if (best !== undefined) return isTie ? undefined : best;
  const [only, ...more] = others.filter((candidate) => hasWordsOf(candidate, wanted));
  return more.length === 0 ? only?.name : undefined;
}

/** A name in the forms in which names are compared. */
interface Forms {
  readonly name: string;
  readonly folded: string;
  /** Its words without their plural endings. */
  readonly words: readonly string[];
  /** These words joined by `_`. */
  readonly singular: string;
}

const known = new WeakMap<object, readonly Forms[]>();

/** Of one list thousands of names may be asked about: its forms are made once. */
function allFormsOf(candidates: Iterable<string>): readonly Forms[] {
  const forms = known.get(candidates) ?? [...new Set(candidates)].map(formsOf);
  known.set(candidates, forms);
  return forms;
}

function formsOf(name: string): Forms {
  const words = name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_')
    .toLowerCase()
    .split(/[-_]+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/(?<=..)ies$/, 'y').replace(/(?<=..[^s])s$/, ''));
  return { name, folded: fold(name), words, singular: words.join('_') };
}

function distanceTo(wanted: Forms, candidate: Forms): number {
  if (candidate.folded === wanted.folded) return 0;
  // A slip beside another ending is a little further away than the slip alone.
  return Math.min(editDistance(wanted.name, candidate.name), editDistance(wanted.singular, candidate.singular) + 0.5);
}

/** Whether a candidate has every word of a name of at least two: `sandbox_mode` is in `allowed_sandbox_modes`. */
function hasWordsOf(candidate: Forms, { words }: Forms): boolean {
  return words.length >= 2 && words.every((word) => candidate.words.includes(word));
}

/** A name without case, `-` and `_`: names that are the same so are meant to be the same. */
export function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above 2 is given as 3. */
export function editDistance(a: string, b: string): number {
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
