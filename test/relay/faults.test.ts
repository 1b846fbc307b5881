import { expect, test } from 'vitest';
import { cellsOf, matrixShells, table } from './faults.ts';

test('every fault has a known outcome for every class of events, on Windows as well where it is shown there', () => {
  for (const { id, cells, windows } of table.faults)
    for (const row of [cells, ...(Array.isArray(windows) ? [windows] : [])]) {
      expect([id, row.length]).toEqual([id, table.classes.length]);
      for (const outcome of row) expect(Object.keys(table.outcomes)).toContain(outcome);
    }
  const ids = table.faults.map(({ id }) => id);
  expect(ids.length).toBe(new Set(ids).size);
  const used = new Set(
    table.faults.flatMap(({ cells, windows }) => [...cells, ...(Array.isArray(windows) ? windows : [])]),
  );
  expect([...used].sort()).toEqual(Object.keys(table.outcomes).sort());
});

test('an outcome fits its class: only a question is denied, only a closed one by a failure, only a report is kept', () => {
  for (const { id, cells } of table.faults)
    cells.forEach((name, index) => {
      const { mode, onFailure, id: classId } = table.classes[index] ?? table.classes[0] ?? unreachable();
      const outcome = table.outcomes[name];
      const where = `${id} × ${classId}: ${name}`;
      if (mode === 'observe') expect([where, outcome?.denies]).toEqual([where, 'nobody']);
      else expect([where, outcome?.later]).toEqual([where, 'nothing']);
      if (name === 'open' || name === 'closed') expect([where, onFailure]).toEqual([where, name]);
    });
});

test('the selection has every pair of shell, class and fault, and is the same in every run', () => {
  const cells = table.faults.flatMap((fault) => matrixShells.flatMap((shell) => cellsOf(fault, shell, 'pairs')));
  const pairs = (one: readonly string[], other: readonly string[]): number =>
    new Set(one.map((name, i) => `${name} ${other[i]}`)).size;
  const shells = cells.map(({ shell }) => shell);
  const classes = cells.map(({ eventClass }) => eventClass.id);
  const faults = cells.map(({ fault }) => fault.id);
  expect(pairs(shells, classes)).toBe(matrixShells.length * table.classes.length);
  expect(pairs(shells, faults)).toBe(matrixShells.length * table.faults.length);
  expect(pairs(classes, faults)).toBe(table.classes.length * table.faults.length);
  expect(cells.length).toBe(table.classes.length * table.faults.length);
});

function unreachable(): never {
  throw new Error('there are classes');
}
