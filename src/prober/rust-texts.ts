/**
 * The lists of texts in a Rust program, in their order: serde's derive leaves the field names of each structure and
 * the variants of each enumeration as slices of (address, length). So a binary names every key that it knows, whole.
 * Reads 64-bit little-endian ELF, with addresses in place (RELR) or in relocations (RELA). Empty for anything else.
 */
export function textLists(program: Buffer): readonly (readonly string[])[] {
  if (program.length < 64 || program.readUInt32BE(0) !== 0x7f454c46 || program[4] !== 2) return [];
  const segments = loadedSegments(program);
  const constants = segments.filter(({ isWritable }) => !isWritable);
  const addends = relocations(program, segments);
  return segments
    .filter(({ isWritable }) => isWritable)
    .flatMap((segment) => [0, 8].flatMap((shift) => listsIn(program, segment, shift, constants, addends)));
}

interface Segment {
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly isWritable: boolean;
}

function loadedSegments(program: Buffer): readonly Segment[] {
  const at = number(program, 32);
  return Array.from({ length: program.readUInt16LE(56) }, (_, index) => at + 56 * index)
    .filter((header) => program.readUInt32LE(header) === 1)
    .map((header) => ({
      offset: number(program, header + 8),
      address: number(program, header + 16),
      size: number(program, header + 32),
      isWritable: (program.readUInt32LE(header + 4) & 2) !== 0,
    }));
}

/** Addresses that the loader would write, by the place it would write them to; of sections of type RELA. */
function relocations(program: Buffer, segments: readonly Segment[]): ReadonlyMap<number, number> {
  const addends = new Map<number, number>();
  const sections = number(program, 40);
  for (let index = 0; index < program.readUInt16LE(60); index++) {
    const header = sections + 64 * index;
    if (header + 64 > program.length || program.readUInt32LE(header + 4) !== 4) continue;
    const start = number(program, header + 24);
    for (let at = start; at + 24 <= start + number(program, header + 32); at += 24) {
      const address = number(program, at);
      const segment = segments.find((one) => address >= one.address && address < one.address + one.size);
      if (segment) addends.set(address - segment.address + segment.offset, number(program, at + 16));
    }
  }
  return addends;
}

function listsIn(
  program: Buffer,
  segment: Segment,
  shift: number,
  constants: readonly Segment[],
  addends: ReadonlyMap<number, number>,
): string[][] {
  const lists: string[][] = [];
  let list: string[] = [];
  const end = Math.min(segment.offset + segment.size, program.length) - 16;
  for (let at = segment.offset + shift; at <= end; at += 16) {
    const text = textAt(program, addends.get(at) ?? number(program, at), number(program, at + 8), constants);
    if (text !== undefined) list.push(text);
    else if (list.length > 0) {
      lists.push(list);
      list = [];
    }
  }
  return list.length > 0 ? [...lists, list] : lists;
}

function textAt(program: Buffer, address: number, length: number, constants: readonly Segment[]): string | undefined {
  if (length < 1 || length > 64) return undefined;
  const segment = constants.find((one) => address >= one.address && address + length <= one.address + one.size);
  if (!segment) return undefined;
  const start = address - segment.address + segment.offset;
  const text = program.toString('latin1', start, start + length);
  return /^[A-Za-z][\w.-]*$/.test(text) ? text : undefined;
}

/** An address or size; those of a program fit a double. */
function number(program: Buffer, at: number): number {
  return program.readUInt32LE(at) + program.readUInt32LE(at + 4) * 2 ** 32;
}

/** The names in every list that holds a known one: a structure's neighbours in the program are those of its crate. */
export function namesBeside(lists: readonly (readonly string[])[], known: ReadonlySet<string>): readonly string[] {
  const beside = lists.filter((list) => list.filter((name) => known.has(name)).length >= Math.min(2, list.length));
  return [...new Set(beside.flat())].sort();
}

/** How many members the program says a structure has, as in `struct Example with 3 elements`. */
export function membersOf(program: Buffer, struct: string): number | undefined {
  const at = program.indexOf(`struct ${struct} with `);
  const text = at < 0 ? '' : program.toString('latin1', at, at + struct.length + 40);
  const count = / with (\d+) elements?/.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}
