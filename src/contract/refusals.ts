import { type Contract, effectOn, type Fact, isRead } from './contract.ts';
import type { EffectOn } from './effects-of.ts';

// What each release does with a fault that not every one minds: one function for each, by which `history` knows it again.

const whereRead = new WeakMap<Fact, EffectOn>();

/** Refused by the releases that read the subject of a fact. */
export function refusedWhereRead(fact: Fact): EffectOn {
  let known = whereRead.get(fact);
  if (!known) {
    known = (version) => (isRead(effectOn(fact, version)) ? 'file-rejected' : 'enforced');
    whereRead.set(fact, known);
  }
  return known;
}

const whereReplaced = new WeakMap<Contract, EffectOn>();

/** Refused by the releases that know no entry which takes the place of the list at the root. */
export function refusedUnlessReplaced(contract: Contract): EffectOn {
  let known = whereReplaced.get(contract);
  if (!known) {
    const fact = contract.root.members.get('remote_sandbox_config')?.fact;
    known = (version) => (fact && isRead(effectOn(fact, version)) ? 'enforced' : 'file-rejected');
    whereReplaced.set(contract, known);
  }
  return known;
}
