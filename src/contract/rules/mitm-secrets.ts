import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { type Place, usedActions } from './mitm-places.ts';

// Two kinds of actions put secrets in place of what a client sends: they sign requests for AWS, and they replace marks
// in the body.

/** Parts of such actions of the default profile that Codex refuses. */
export function refusedSecrets(table: DataTable): KeyPath[] {
  return usedActions(table).flatMap(({ member, path }) => [
    ...refusedSigning(member['aws_sigv4'], [...path, 'aws_sigv4']),
    ...refusedReplacing(member['body_secret_substitution'], [...path, 'body_secret_substitution']),
  ]);
}

/** Secrets of such an action that are to come from two places. */
export function doubleSources({ member, path }: Place): KeyPath[] {
  const replacements = valueAt(member, ['body_secret_substitution', 'replacements']);
  const places: KeyPath[] = [
    ...secretsOfSigning.map((key) => ['aws_sigv4', key]),
    ...(isArray(replacements) ? [...replacements.keys()] : []).map((at) => [
      'body_secret_substitution',
      'replacements',
      at,
      'secret',
    ]),
  ];
  return places
    .filter((place) => ['env_var', 'file'].every((key) => valueAt(member, [...place, key]) !== undefined))
    .map((place) => [...path, ...place]);
}

const secretsOfSigning: readonly string[] = ['access_key_id', 'secret_access_key', 'session_token'];

function refusedSigning(signing: Data | undefined, path: KeyPath): KeyPath[] {
  if (!isTable(signing)) return [];
  const forms = { placeholder_access_key_id: /^[A-Za-z0-9]+$/, region: /^[A-Za-z0-9-]+$/, service: /^[A-Za-z0-9-]+$/ };
  return [
    ...Object.entries(forms).flatMap(([key, form]) => {
      const text = signing[key];
      return typeof text === 'string' && !form.test(text) ? [[...path, key]] : [];
    }),
    ...refusedNumbers(signing, path),
    ...secretsOfSigning.flatMap((key) => refusedSource(signing[key], [...path, key])),
  ];
}

function refusedReplacing(replacing: Data | undefined, path: KeyPath): KeyPath[] {
  if (!isTable(replacing)) return [];
  const { replacements } = replacing;
  const list = isArray(replacements) ? replacements : [];
  // Of more than Codex takes the number alone is said.
  const marks = list.slice(0, mostReplacements).map((one) => valueAt(one, ['placeholder']));
  const place = [...path, 'replacements'];
  return [
    ...refusedNumbers(replacing, path),
    ...(list.length > mostReplacements || (isArray(replacements) && list.length === 0) ? [place] : []),
    ...list.flatMap((one, at) => refusedSource(valueAt(one, ['secret']), [...place, at, 'secret'])),
    ...marks.flatMap((mark, at) => {
      if (typeof mark !== 'string') return [];
      const isDouble = marks.some((other, before) => before < at && typeof other === 'string' && overlap(mark, other));
      return isDouble || !isMark(mark) ? [[...place, at, 'placeholder']] : [];
    }),
  ];
}

const mostReplacements = 32;

/** Marks are long enough to stand nowhere by accident. */
function isMark(text: string): boolean {
  return text.length >= 16 && text.length <= 256 && !/[^\0-\x7F]/.test(text);
}

function overlap(one: string, other: string): boolean {
  return one.includes(other) || other.includes(one);
}

/** Port 0, and bodies above 16 MiB. */
function refusedNumbers(table: DataTable, path: KeyPath): KeyPath[] {
  const { port, max_body_bytes: bytes } = table;
  return [
    ...(port === 0n ? [[...path, 'port']] : []),
    ...(typeof bytes === 'bigint' && bytes > 16n * 1024n * 1024n ? [[...path, 'max_body_bytes']] : []),
  ];
}

/** A secret comes from one variable of the environment or from one file, by its whole path. */
function refusedSource(source: Data | undefined, path: KeyPath): KeyPath[] {
  if (!isTable(source)) return [];
  const { env_var: variable, file } = source;
  const isRefused =
    (typeof variable === 'string' && (variable === '' || /[=\0]/.test(variable))) ||
    (typeof file === 'string' && !file.startsWith('/'));
  return isRefused ? [path] : [];
}
