import { tomlText } from '../requirements/toml.ts';
import { isTable } from '../source/document.ts';
import type { Case } from './cases.ts';
import type { Codex, Depth } from './codex.ts';
import { isRefused, type Outcome } from './outcome.ts';
import { needsTheOutside } from './samples.ts';

/** What became of each case, by its id. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** Asks one release about all cases: all of them on the command line, then those further where more can show. */
export async function askAll(codex: Codex, cases: readonly Case[]): Promise<Outcomes> {
  const outcomes = new Map<string, Outcome>();
  const ask = async ({ id, file, name }: Case, depth: Depth): Promise<void> => {
    outcomes.set(id, await codex.ask(tomlText(file), depth, name));
  };
  await Promise.all(cases.map((one) => ask(one, 'cli')));
  const further = plan(cases, outcomes, await canWarn(codex, cases));
  await Promise.all(further.map(([one, depth]) => ask(one, depth)));
  return outcomes;
}

/** Whether the release says anything about a key that it does not know. */
async function canWarn(codex: Codex, cases: readonly Case[]): Promise<boolean> {
  const root = cases.find(({ id }) => id === '<unknown>');
  if (!root) return true;
  const { what } = await codex.ask(tomlText(root.file), 'start', root.name);
  return what === 'warned';
}

/** The accepted files that are worth the start of an app-server. */
function plan(cases: readonly Case[], outcomes: Outcomes, warns: boolean): readonly (readonly [Case, Depth])[] {
  const wrongOf = new Map(cases.filter(({ question }) => question === 'wrong').map((one) => [one.subject, one]));
  const isKnown = (subject: string): boolean => {
    const wrong = wrongOf.get(subject.replace(/=.*$/s, ''));
    const outcome = wrong && outcomes.get(wrong.id);
    return !outcome || isRefused(outcome);
  };
  return cases.flatMap((one): (readonly [Case, Depth])[] => {
    if (isRefused(outcomes.get(one.id) ?? { what: 'refused' })) return [];
    // A release that passes over the root key needs nothing for what stands below it.
    if (needsTheOutside(one.subject) && isKnown(one.subject.replace(/[.=[].*$/s, ''))) return [];
    switch (one.question) {
      case 'good':
      case 'value':
        return isKnown(one.subject) ? [[one, depthOf(one)]] : warns ? [[one, 'start']] : [];
      case 'rule':
      case 'together':
        return [[one, depthOf(one)]];
      case 'faulty':
        return isKnown(one.subject) ? [[one, 'start']] : [];
      default:
        return warns ? [[one, 'start']] : [];
    }
  });
}

/** A file with a hook is followed to where the hook is listed. */
function depthOf({ file }: Case): Depth {
  const { hooks } = file;
  const hasHook = isTable(hooks) && Object.values(hooks).some((groups) => Array.isArray(groups) && groups.length > 0);
  return hasHook ? 'hook' : 'session';
}
