import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { type Contract, type ContractNode, effectOn } from '../../src/contract/contract.ts';
import { judge } from '../../src/contract/judge.ts';
import { statementsOf } from '../../src/contract/statements.ts';
import { tomlText } from '../../src/requirements/toml.ts';
import { type Data, emptyTable } from '../../src/source/document.ts';
import { parseToml } from '../../src/source/toml.ts';
import { packageData, policyWith, tomlOf } from '../support/policies.ts';

/** What the administrator writes, and what must stand in requirements.toml. */
const keys: readonly (readonly [yaml: string, toml: object])[] = [
  ['allowed_approval_policies: [never, on-request]', { allowed_approval_policies: ['never', 'on-request'] }],
  [
    'allowed_approval_policies: [on-request, { granular: { sandbox_approval: true, rules: true, mcp_elicitations: false } }]',
    {
      allowed_approval_policies: [
        'on-request',
        { granular: { sandbox_approval: true, rules: true, mcp_elicitations: false } },
      ],
    },
  ],
  ['allowed_approvals_reviewers: [user, auto_review]', { allowed_approvals_reviewers: ['user', 'auto_review'] }],
  ['allowed_sandbox_modes: [workspace-write, read-only]', { allowed_sandbox_modes: ['workspace-write', 'read-only'] }],
  ['allowed_web_search_modes: [cached]', { allowed_web_search_modes: ['cached'] }],
  ['allowed_web_search_modes: []', { allowed_web_search_modes: [] }],
  ['allow_managed_hooks_only: true', { allow_managed_hooks_only: true }],
  ['features: { hooks: true, browser_use: false }', { features: { hooks: true, browser_use: false } }],
  ['enforce_residency: us', { enforce_residency: 'us' }],
  ['allowed_login_methods: [chatgpt]', { allowed_login_methods: ['chatgpt'] }],
  ['allowed_chatgpt_workspaces: [ws-1]', { allowed_chatgpt_workspaces: ['ws-1'] }],
  ['cli_auth_credentials_store: keyring', { cli_auth_credentials_store: 'keyring' }],
  ['chatgpt_base_url: "https://chat.example.com"', { chatgpt_base_url: 'https://chat.example.com' }],
  ['mcp_servers: {}', { mcp_servers: {} }],
  [
    'mcp_servers: { docs: { identity: { command: docs-mcp } } }',
    { mcp_servers: { docs: { identity: { command: 'docs-mcp' } } } },
  ],
  [
    'mcp_servers: { docs: { identity: { url: { match: prefix, value: "https://a.example/" } } } }',
    { mcp_servers: { docs: { identity: { url: { match: 'prefix', value: 'https://a.example/' } } } } },
  ],
  [
    'permissions: { filesystem: { deny_read: [/etc/shadow] } }',
    { permissions: { filesystem: { deny_read: ['/etc/shadow'] } } },
  ],
  [
    'allowed_permission_profiles: { ":read-only": true, ":workspace": true }\n  default_permissions: ":read-only"',
    { allowed_permission_profiles: { ':read-only': true, ':workspace': true }, default_permissions: ':read-only' },
  ],
  [
    'experimental_network: { enabled: true, domains: { example.com: allow, "*.bad.example": deny }, http_port: 3128 }',
    {
      experimental_network: {
        enabled: true,
        domains: { 'example.com': 'allow', '*.bad.example': 'deny' },
        http_port: 3128,
      },
    },
  ],
  [
    'remote_sandbox_config: [{ hostname_patterns: ["*.ci.example.com"], allowed_sandbox_modes: [read-only] }]',
    { remote_sandbox_config: [{ hostname_patterns: ['*.ci.example.com'], allowed_sandbox_modes: ['read-only'] }] },
  ],
  [
    'rules: { prefix_rules: [{ pattern: [git, [push, commit]], decision: prompt, justification: why }, { pattern: [[rm]], decision: forbidden }] }',
    {
      rules: {
        prefix_rules: [
          { pattern: [{ token: 'git' }, { any_of: ['push', 'commit'] }], decision: 'prompt', justification: 'why' },
          { pattern: [{ any_of: ['rm'] }], decision: 'forbidden' },
        ],
      },
    },
  ],
  [
    'rules: { prefix_rules: [{ pattern: [{ token: rm }, { any_of: ["-rf"] }], decision: forbidden }] }',
    { rules: { prefix_rules: [{ pattern: [{ token: 'rm' }, { any_of: ['-rf'] }], decision: 'forbidden' }] } },
  ],
  [
    'hooks: { managed_dir: /opt/hooks, windows_managed_dir: "C:\\\\hooks" }\n  features: { hooks: true }',
    { features: { hooks: true }, hooks: { managed_dir: '/opt/hooks', windows_managed_dir: 'C:\\hooks' } },
  ],
  [
    'features: { hooks: true }\n  hooks: { PreToolUse: [{ matcher: "^Bash$", hooks: [{ type: command, command: "/a b", command_windows: "C:/x.exe", timeout: 2m, statusMessage: "it\'s {{ }}" }] }] }',
    {
      features: { hooks: true },
      hooks: {
        PreToolUse: [
          {
            matcher: '^Bash$',
            hooks: [
              {
                type: 'command',
                command: '/a b',
                command_windows: 'C:/x.exe',
                timeout: 120,
                statusMessage: "it's {{ }}",
              },
            ],
          },
        ],
      },
    },
  ],
];

test.each(keys)('%s', async (yaml, expected) => {
  const toml = await tomlOf(policyWith(`requirements:\n  ${yaml}\n`, { clients: '0.169.0' }));
  expect(JSON.parse(JSON.stringify(parse(toml)))).toEqual(expected);
});

const newest = packageData.contract.releases.at(-1)?.version;
if (!newest) throw new Error('no release');

/** Every place of the contract that the newest release enforces, as the steps that lead to it. */
function* places(
  node: ContractNode,
  steps: readonly string[] = [],
): Generator<{ steps: readonly string[]; node: ContractNode }> {
  for (const [key, member] of node.members) yield* place(member, [...steps, key]);
  if (node.wildcard) yield* place(node.wildcard, [...steps, wildcardName(node.wildcard)]);
  if (node.element) yield* place(node.element, [...steps, '[]']);
  for (const [type, variant] of node.variants) yield* places(variant, [...steps, `(${type})`]);
}

function* place(
  node: ContractNode,
  steps: readonly string[],
): Generator<{ steps: readonly string[]; node: ContractNode }> {
  if (node.fact && newest && effectOn(node.fact, newest) !== 'enforced') return;
  yield { steps, node };
  yield* places(node, steps);
}

/** A free name that fits where it stands: hosts, paths and profiles have forms of their own. */
function wildcardName(node: ContractNode): string {
  return /<path>|<subpath>/.test(node.subject) ? '/some/path' : 'example.com';
}

/** The smallest value that the contract accepts in a place. */
function sample(node: ContractNode): Data {
  const type = node.fact?.kind === 'flag' ? 'boolean' : node.fact?.type;
  const first = typeof type === 'string' ? type : (type?.[0] ?? (node.element ? 'array' : 'table'));
  switch (first) {
    case 'boolean':
      return true;
    case 'integer':
      return BigInt(node.fact?.minimum ?? 1) || 1n;
    case 'enum':
      return (
        [...node.values].find(
          ([value, fact]) => newest && !/^[[{<]/.test(value) && effectOn(fact, newest) === 'enforced',
        )?.[0] ?? 'none'
      );
    case 'array':
      return node.element ? [node.fact?.mustContain ?? sample(node.element)] : [];
    case 'table':
    case 'map':
      return withRequired(emptyTable(), node, node.variants.keys().next().value);
    default:
      return 'text';
  }
}

function withRequired(table: Record<string, Data>, node: ContractNode, type?: string): Record<string, Data> {
  const variant = type === undefined ? undefined : node.variants.get(type);
  for (const [key, member] of [...node.members, ...(variant?.members ?? [])])
    if (member.fact?.required && !Object.hasOwn(table, key))
      table[key] = key === 'type' && type !== undefined ? type : sample(member);
  if (Object.keys(table).length === 0 && node.values.has('{}')) {
    const [key, member] =
      [...node.members].find(([, one]) => one.fact && newest && effectOn(one.fact, newest) === 'enforced') ?? [];
    if (key && member) table[key] = sample(member);
  }
  return table;
}

/** A document that says something in one place and all that this place needs around it. */
function documentFor(steps: readonly string[], node: ContractNode, contract: Contract): Data {
  const build = (at: ContractNode, [step, ...rest]: readonly string[], type?: string): Data => {
    if (step === undefined) return sample(node);
    if (step === '[]' && at.element)
      return [...(at.fact?.mustContain && rest.length === 0 ? [at.fact.mustContain] : []), build(at.element, rest)];
    if (step.startsWith('('))
      return build(
        { ...at, members: new Map([...at.members, ...(at.variants.get(step.slice(1, -1))?.members ?? [])]) },
        rest,
        step.slice(1, -1),
      );
    const [anyType] = at.variants.keys();
    const member = at.members.get(step) ?? at.wildcard;
    if (!member) throw new Error(`no way to ${steps.join(' ')}`);
    return withRequired(
      Object.assign(emptyTable(), { [step]: step === 'type' && anyType ? anyType : build(member, rest) }),
      at,
      type ?? anyType,
    );
  };
  return build(contract.root, steps);
}

describe('every key that the newest release enforces', () => {
  const all = [...places(packageData.contract.root)].filter(({ node }) => node.fact?.kind !== 'flag');
  test('there are hundreds', () => expect(all.length).toBeGreaterThan(250));
  test.each(all.map(({ steps, node }) => [steps.join('.').replaceAll('.[]', '[]'), steps, node] as const))(
    '%s',
    (_name, steps, node) => {
      const value = documentFor(steps, node, packageData.contract);
      const table = value as Record<string, Data>;
      const toml = tomlText(table);
      const read = parseToml({ name: 'requirements.toml', text: toml });
      expect(read.diagnostics).toEqual([]);
      const faults = judge(statementsOf(read.value?.value ?? emptyTable(), packageData.contract), newest)
        // The samples are too small for the rules over several keys; test/contract/rules.test.ts has those.
        .filter(({ statement, effect }) => effect !== 'enforced' && statement.reason.kind !== 'rule')
        .map(({ statement, effect }) => `${statement.path.join('.')} ${effect}`);
      expect(faults).toEqual([]);
    },
  );
});
