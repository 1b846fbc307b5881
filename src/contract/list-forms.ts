import { type Data, isArray } from '../source/document.ts';
import type { ContractNode, ListForm } from './contract.ts';
import type { EffectOn } from './effects-of.ts';
import { typeAmong, typesOf } from './shape.ts';
import type { Walk } from './told.ts';
import { isWithin } from './version.ts';

// Codex takes a list in the place of most tables and reads its items as the members, in the order of its own source.

/** The forms that a list in the place of a table has: enough items and none too many, each of its member's type. */
export function listForms(list: readonly Data[], node: ContractNode): readonly ListForm[] {
  return (node.fact?.lists ?? []).filter(
    ({ fields, fewest = 0, spare }) =>
      list.length >= fewest &&
      (list.length <= fields.length || spare) &&
      fields.every((field, at) => fits(list[at], field, node)),
  );
}

function fits(item: Data | undefined, field: string, { members }: ContractNode): boolean {
  const member = members.get(field);
  if (item === undefined || !member || typesOf(member).includes('any')) return true;
  return typeAmong(typesOf(member), item) !== undefined || (isArray(item) && listForms(item, member).length > 0);
}

/** Refused by the releases that read no list of these forms. */
export function refusedBeyond(forms: readonly ListForm[]): EffectOn {
  return (version) => (forms.some((form) => isWithin(version, form)) ? 'enforced' : 'file-rejected');
}

/** A walk of which only the releases hear that read a list of this form. */
export function heardBy<Level>(form: ListForm, walk: Walk<Level>): Walk<Level> {
  const only =
    (ask: EffectOn): EffectOn =>
    (version) =>
      isWithin(version, form) ? ask(version) : 'enforced';
  return {
    ...walk,
    tell: (level, said, path) => walk.tell(level, { ...said, effectOn: only(said.effectOn) }, path),
  };
}
