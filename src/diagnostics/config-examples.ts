import type { Example } from './example.ts';

/** The examples of config.toml and managed_config.toml. */
export const configExamples = {
  'config/acts-as-requirement': {
    file: 'managed_config.toml',
    bad: 'sandbox_mode = "read-only"\n',
    fixed: 'model = "gpt-5"\n',
  },
  'config/loosens-requirements': {
    file: 'requirements.toml',
    bad: 'allowed_approval_policies = ["on-request", "untrusted"]\n',
    fixed: 'allowed_approval_policies = ["on-request", "untrusted", "never"]\n',
    beside: { 'managed_config.toml': 'approval_policy = "never"\n' },
  },
  'config/requirements-key': { file: 'config.toml', bad: 'enforce_residency = "us"\n', fixed: 'model = "gpt-5"\n' },
} satisfies Record<string, Example>;
