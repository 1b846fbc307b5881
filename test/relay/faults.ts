import { readFileSync } from 'node:fs';

/** test/relay/faults.json: what becomes of every class of events under every fault. */
export interface FaultTable {
  /** The policy's `user_message`. */
  readonly message: string;
  /** What the collector says when it denies. */
  readonly reason: string;
  readonly classes: readonly EventClass[];
  /** The forms of a denial; `windows` replaces the others there. */
  readonly denials: Readonly<Record<'exit' | 'stop' | 'windows', Denial>>;
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly faults: readonly Fault[];
}

export interface EventClass {
  readonly id: string;
  readonly title: string;
  readonly mode: 'enforce' | 'observe';
  readonly onFailure: 'open' | 'closed';
  readonly denial: 'exit' | 'stop';
  /** Events that behave alike; the cells take turns. */
  readonly events: readonly string[];
}

/** `stop` is `{"continue":false,"stopReason":…}`, `denial` the event's own JSON; both stand with the reason. */
export interface Denial {
  readonly exit: number;
  readonly stdout: 'nothing' | 'stop' | 'denial';
  readonly stderr: 'nothing' | 'reason';
}

export interface Outcome {
  readonly means: string;
  /** With which text it denies; a cut reason is the beginning of a long one. */
  readonly denies: 'nobody' | 'reason' | 'message' | 'cut';
  /** How often the collector sees the event while the fault lasts: at most once in any case. */
  readonly collector: 'none' | 'one' | 'any';
  /** What a later report brings after the fault: the event, a part of it, its count, or nothing. */
  readonly later: 'nothing' | 'event' | 'part' | 'count';
}

export interface Fault {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly how: string;
  /** The outcome for each class, in the order of the classes. */
  readonly cells: readonly string[];
  /** On Windows, where a pilot PC can show the fault. */
  readonly windows?: 'same' | readonly string[];
  /** The shell may report the death of the relay on stderr, before the reason. */
  readonly noise?: boolean;
}

/** One combination, with what must become of it. */
export interface Cell {
  readonly shell: string;
  readonly fault: Fault;
  readonly eventClass: EventClass;
  readonly event: string;
  readonly outcome: Outcome;
  readonly name: string;
}

/** The shells that are /bin/sh somewhere: Debian, Alpine, Red Hat and older Macs, Macs by choice. */
export const matrixShells: readonly string[] = ['dash', 'busybox', 'bash', 'zsh'];

export const table = JSON.parse(readFileSync(new URL('faults.json', import.meta.url), 'utf8')) as FaultTable;

/**
 * The cells of one shell under one fault. `pairs` takes each class of a fault in one shell only, a different one for
 * each fault, so that the whole has every pair of shell and fault, shell and class, class and fault.
 */
export function cellsOf(fault: Fault, shell: string, selection: 'pairs' | 'all'): readonly Cell[] {
  const faultIndex = table.faults.indexOf(fault);
  const shellIndex = matrixShells.indexOf(shell);
  return table.classes.flatMap((eventClass, classIndex): Cell[] => {
    if (selection === 'pairs' && (faultIndex + classIndex) % matrixShells.length !== shellIndex) return [];
    const outcomeName = fault.cells[classIndex] ?? '';
    const outcome = table.outcomes[outcomeName];
    const event = eventClass.events[(faultIndex + shellIndex) % eventClass.events.length];
    if (!outcome || event === undefined) throw new Error(`faults.json: ${fault.id} × ${eventClass.id} is unknown`);
    return [{ shell, fault, eventClass, event, outcome, name: `${fault.id} × ${eventClass.id} (${event}) × ${shell}` }];
  });
}
