import { entry, list } from './entry.ts';

/** A config.toml or managed_config.toml: its syntax, and what it has to do with requirements. */
export const configCodes = {
  'config/acts-as-requirement': entry<{ key: string; list: string; values: readonly string[] }>({
    severity: 'note',
    message: ({ key, list: name, values }) =>
      `\`${key}\` of a managed configuration acts as \`${name} = [${values.join(', ')}]\``,
    help: ({ list: name }) => `write \`${name}\` into requirements.toml instead`,
    why: 'Codex reads three keys of a managed_config.toml as requirements: `approval_policy`, `approvals_reviewer` and `sandbox_mode`.',
  }),
  'config/loosens-requirements': entry<{
    releases: string;
    key: string;
    list: string;
    added: readonly string[];
    requirements: string;
  }>({
    severity: 'error',
    message: ({ releases, key, list: name, added, requirements }) =>
      `on Codex ${releases} \`${key}\` takes the place of \`${name}\` in \`${requirements}\` and allows ${list(added)} as well`,
    help: ({ key }) => `remove \`${key}\` here, or the whole managed_config.toml`,
    why: 'Up to 0.136.0 the requirements file wins over a managed_config.toml beside it; from 0.137.0 on the old file wins, without a word.',
  }),
  'config/requirements-key': entry<{ key: string }>({
    severity: 'warning',
    message: ({ key }) => `\`${key}\` is a key of requirements.toml and has no effect in a config.toml`,
    help: () => 'move it into requirements.toml',
    why: 'Codex ignores it here: the restriction never exists.',
  }),
};
