import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One requirements.toml that shows one feature or one mistake. */
export interface Case {
  /** `<theme>/<name>`. */
  readonly name: string;
  readonly theme: string;
  /** What it shows, in a sentence. */
  readonly shows: string;
  readonly bytes: Uint8Array;
}

const casesFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'cases');

/** All cases, sorted by name. A `.toml` is taken as it is; a `.json` describes bytes that no editor should touch. */
export function allCases(folder = casesFolder): Case[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const cases = files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    const theme = relative(folder, parentPath);
    return { name: `${theme}/${name.replace(/\.(?:toml|json)$/, '')}`, theme, ...contentOf(path) };
  });
  return cases.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function contentOf(path: string): Pick<Case, 'shows' | 'bytes'> {
  const bytes = readFileSync(path);
  if (path.endsWith('.json')) return described(JSON.parse(bytes.toString('utf8')) as Described);
  const [, shows] = /^# (.+)\r?\n/.exec(bytes.toString('utf8')) ?? [];
  if (shows === undefined) throw new Error(`${path}: the first line is no comment that says what the case shows`);
  return { shows, bytes };
}

/** A case whose bytes an editor would change: the text in another encoding, or single bytes in hexadecimal digits. */
interface Described {
  readonly shows: string;
  readonly text?: string;
  readonly encoding?: 'utf-8' | 'utf-8-mark' | 'utf-16le-mark' | 'utf-16be-mark' | 'latin1';
  readonly hex?: string;
}

function described({ shows, text = '', encoding = 'utf-8', hex }: Described): Pick<Case, 'shows' | 'bytes'> {
  if (hex !== undefined) return { shows, bytes: Buffer.from(hex, 'hex') };
  const encode: Record<NonNullable<Described['encoding']>, () => Buffer> = {
    'utf-8': () => Buffer.from(text),
    'utf-8-mark': () => Buffer.from(`\uFEFF${text}`),
    'utf-16le-mark': () => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'utf-16be-mark': () => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    latin1: () => Buffer.from(text, 'latin1'),
  };
  return { shows, bytes: encode[encoding]() };
}
