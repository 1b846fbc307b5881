import type { DataTable } from '../source/document.ts';
import type { Contract } from './contract.ts';
import type { Statement } from './statement.ts';
import { tellAll } from './walk.ts';

/** A statement whose inner ones are still to come. */
interface Growing extends Statement {
  readonly inner: Growing[];
}

/** Everything that a requirements document says. Built once, then asked for each version. */
export function statementsOf(table: DataTable, contract: Contract): readonly Statement[] {
  const statements: Growing[] = [];
  tellAll(table, contract, statements, (level, said, path) => {
    const statement: Growing = { ...said, path: [...path], inner: [] };
    level.push(statement);
    return statement.inner;
  });
  return statements;
}
