import type { ListForm } from '../contract/contract.ts';
import type { Data } from '../source/document.ts';
import { isRefused, type Outcome } from './outcome.ts';

/**
 * How a release reads a list in the place of a table with these members, by a good value of each: in the order in which
 * the program names them side by side, if it takes that. Undefined where it takes none.
 */
export async function listForm(
  goods: ReadonlyMap<string, Data>,
  lists: readonly (readonly string[])[],
  askWith: (value: readonly Data[]) => Promise<Outcome>,
): Promise<Pick<ListForm, 'fields' | 'fewest'> | undefined> {
  for (const fields of ordersIn(lists, goods)) {
    const values = fields.map((name) => goods.get(name) ?? '');
    const takes = async (count: number): Promise<boolean> => !isRefused(await askWith(values.slice(0, count)));
    if (!(await takes(fields.length))) continue;
    let fewest = fields.length;
    while (fewest > 0 && (await takes(fewest - 1))) fewest -= 1;
    return { fields, ...(fewest === 0 ? {} : { fewest }) };
  }
  return undefined;
}

/** The stretches of the program's texts that are these names, each once: serde leaves the members of a structure so. */
export function ordersIn(
  lists: readonly (readonly string[])[],
  names: ReadonlyMap<string, unknown>,
): readonly (readonly string[])[] {
  if (names.size === 0) return [];
  const orders = lists.flatMap((list) =>
    list.flatMap((_, at) => {
      const stretch = list.slice(at, at + names.size);
      const isOrder = new Set(stretch).size === names.size && stretch.every((name) => names.has(name));
      return isOrder ? [stretch] : [];
    }),
  );
  return [...new Map(orders.map((order) => [order.join(' '), order])).values()];
}
