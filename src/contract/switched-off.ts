import type { EffectOn } from './effects-of.ts';
import type { BrokenRule } from './rules/broken.ts';
import type { Listener } from './told.ts';

/** The rules whose breach switches all hooks off. */
const switches: ReadonlySet<string> = new Set([
  'rule:codex-hooks-switched-off',
  'rule:codex-hooks-switched-off-twice',
  'rule:hooks-switched-off',
]);

/**
 * Hooks that are switched off are not loaded, and so none of them can make sessions fail: it is skipped like the others
 * (measured on 0.129.0 to 0.169.0).
 */
export function withoutLoading<Level>(tell: Listener<Level>, broken: readonly BrokenRule[]): Listener<Level> {
  const pins = broken.filter(({ fact }) => switches.has(fact.subject));
  if (pins.length === 0) return tell;
  const softened = new Map<EffectOn, EffectOn>();
  const soften = (ask: EffectOn): EffectOn => {
    const known = softened.get(ask);
    if (known) return known;
    const asked: EffectOn = (version) => {
      const effect = ask(version);
      const isOff = effect === 'session-fails' && pins.some((pin) => pin.effectOn(version) === 'hook-skipped');
      return isOff ? 'hook-skipped' : effect;
    };
    softened.set(ask, asked);
    return asked;
  };
  return (level, said, path) =>
    tell(level, path[0] === 'hooks' ? { ...said, effectOn: soften(said.effectOn) } : said, path);
}
