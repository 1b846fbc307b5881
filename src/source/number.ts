/** Whether an integer fits into 64 bits with a sign, all that TOML and Codex can hold. */
export function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** Whether an integer needs all 64 bits and has no sign: TOML has none, but old readers of it take them. */
export function isUnsigned64(value: bigint): boolean {
  return !isInt64(value) && BigInt.asUintN(64, value) === value;
}

/** How a number of YAML is written; only `plain` means the same to every reader. */
export function numberForm(text: string): 'plain' | 'leading-zero' | 'other-base' | 'not-finite' {
  if (/^0[ox]/.test(text)) return 'other-base';
  if (/^[-+]?0[0-9]/.test(text)) return 'leading-zero';
  if (/^[-+]?\.(inf|nan)$/i.test(text)) return 'not-finite';
  return 'plain';
}

/** Whether a decimal number keeps its value as a 64-bit float, read and written again. */
export function isExactFloat(text: string): boolean {
  const value = Number(text);
  return Number.isFinite(value) && canonical(text) === canonical(String(value));
}

/** Digits without zeros at either end and the power of ten behind them: equal for equal decimal numbers. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)([0-9]*)\.?([0-9]*)(?:[eE]([-+]?[0-9]+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign === '-' ? '-' : ''}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}
