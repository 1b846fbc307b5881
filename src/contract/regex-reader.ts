export class Refused extends Error {}

/** What is known of a piece of a pattern: bytes of its compiled form (nearly), and how deep things nest in it. */
export interface Piece {
  readonly size: number;
  readonly depth: number;
  /** Flags such as `(?i)` stand in the pattern and cannot be repeated. */
  readonly isFlags?: true;
}

export interface Flags {
  /** White space and comments are skipped (`x`). */
  readonly space: boolean;
  readonly unicode: boolean;
}

/** The text under way: the engine's own reader, rule by rule, so that both refuse the same. */
export interface Reader {
  readonly text: readonly string[];
  at: number;
  flags: Flags;
  open: number;
  readonly names: Set<string>;
  readonly isLite: boolean;
}

export function maxNesting({ isLite }: Reader): number {
  return isLite ? 50 : 250;
}

export function refuse(): never {
  throw new Refused();
}

export function startsWith(reader: Reader, mark: string): boolean {
  return [...mark].every((character, index) => reader.text[reader.at + index] === character);
}

export function taken(reader: Reader, mark: string): boolean {
  const isThere = startsWith(reader, mark);
  if (isThere) reader.at += mark.length;
  return isThere;
}

/** One step on, over space and comments where they do not count; false at the end. */
export function advance(reader: Reader): boolean {
  reader.at++;
  skipSpace(reader);
  return reader.at < reader.text.length;
}

export function skipSpace(reader: Reader): void {
  reader.at = pastSpace(reader, reader.at);
}

export function pastSpace({ flags, text }: Reader, from: number): number {
  let at = from;
  while (flags.space && at < text.length) {
    if (isSpace(text[at])) at++;
    else if (text[at] === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end + 1;
    } else break;
  }
  return at;
}

/** The next character but one. */
export function afterSpace(reader: Reader): string | undefined {
  return reader.text[pastSpace(reader, reader.at + 1)];
}

export function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\p{White_Space}/u.test(character);
}
