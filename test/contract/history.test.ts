import { describe, expect, test } from 'vitest';
import { history, historyOf } from '../../src/contract/history.ts';
import { worstOn } from '../../src/contract/judge.ts';
import { statementsOf } from '../../src/contract/statements.ts';
import { loadContract } from '../../src/package-data.ts';
import { plainToml } from '../../src/source/toml-plain.ts';

const contract = loadContract();

describe('history', () => {
  test.each([
    ['nothing', ''],
    ['a key that came', 'allow_managed_hooks_only = true\n'],
    ['a flag and its table', '[features]\nhooks = true\nno_such_flag = true\n'],
    ['what an ignored table holds', '[hooks]\nmanaged_dir = 5\n[[hooks.Stop]]\nhooks = [{ type = "prompt" }]\n'],
    ['a value that came and one that went', '[experimental_network.unix_sockets]\n"/a" = "deny"\n"/b" = "none"\n'],
    ['a broken rule', 'default_permissions = "x"\n[permissions.y]\nextends = ":workspace"\n'],
    ['broken items of a list', '[experimental_network]\nenabled = true\nallowed_domains = ["a b", "*", "[x"]\n'],
    ['a rule in a list for a table', '[hooks]\nStop = [["^A(", [{ type = "command", command = " " }]]]\n'],
    ['a missing member', '[[rules.prefix_rules]]\ndecision = "prompt"\n'],
    ['a wrong type and an unknown key', 'sandbox = 1\nlog_dir = 2\n'],
  ])('%s: the same as asking each release', (_, text) => {
    const table = plainToml(text) ?? {};
    const statements = statementsOf(table, contract);
    const asked = contract.releases.map(({ version }) => worstOn(statements, version));
    expect(history(statements, contract)).toEqual(asked);
    expect(historyOf(table, contract)).toEqual(asked);
  });
});
