import { type DataTable, isTable, type KeyPath } from '../../source/document.ts';
import { once } from '../once.ts';

/** A definition of a model provider. */
export interface Provider {
  readonly id: string;
  readonly provider: DataTable;
  readonly path: KeyPath;
}

/** Every model provider that a document defines. */
export const providersIn = once((table): readonly Provider[] => {
  const { model_providers: defined } = table;
  return Object.entries(isTable(defined) ? defined : {}).flatMap(([id, provider]) =>
    isTable(provider) ? [{ id, provider, path: ['model_providers', id] }] : [],
  );
});
