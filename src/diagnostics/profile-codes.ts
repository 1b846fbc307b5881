import { entry } from './entry.ts';

type None = Record<never, never>;

/** The wrapper around the requirements on macOS: a configuration profile or a property list. */
export const profileCodes = {
  'profile/base64': entry<{ problem: string; fix: string }>({
    severity: 'error',
    message: ({ problem }) => `this value is no base64 that Codex decodes: ${problem}`,
    help: ({ fix }) => fix,
    why: 'Codex takes strict standard base64 with padding on one line. Anything else is a load error, as if the whole policy were broken.',
  }),
  'profile/byte-order-mark': entry<None>({
    severity: 'warning',
    message: () => 'the property list starts with a byte order mark',
    help: () => 'save it as UTF-8 without one',
    why: 'macOS reads it. Several tools that MDM servers use do not.',
  }),
  'profile/config-beside': entry<{ keys: readonly string[] }>({
    severity: 'warning',
    message: ({ keys }) =>
      keys.length === 0
        ? '`config_toml_base64` acts as a managed_config.toml'
        : `\`config_toml_base64\` acts as a managed_config.toml: its ${keys.map((key) => `\`${key}\``).join(', ')} become requirements of their own`,
    help: () => 'put defaults into a config.toml in the system folder of Codex, and restrictions into the requirements',
    why: 'On some versions it takes the place of requirements that came by another way, and so loosens them.',
  }),
  'profile/direct-form': entry<None>({
    severity: 'warning',
    message: () => 'a payload of the type `com.openai.codex` arrives empty when Jamf Pro takes the profile unsigned',
    help: () =>
      'use the type `com.apple.ManagedClient.preferences` with `Forced` and `mcx_preference_settings`, or sign',
    why: 'macOS accepts both forms. Jamf Pro keeps the content of an unsigned upload only in the ManagedClient form.',
  }),
  'profile/duplicate-identifier': entry<{ identifier: string }>({
    severity: 'warning',
    message: ({ identifier }) => `\`${identifier}\` is the PayloadIdentifier of two parts of the profile`,
    help: () => 'give each payload its own, such as that of the profile with a suffix',
    why: 'macOS and MDM servers recognise a payload by it when the profile is replaced.',
  }),
  'profile/duplicate-key': entry<{ key: string }>({
    severity: 'error',
    message: ({ key }) => `\`${key}\` stands twice in one dictionary`,
    help: () => 'remove one of the two',
    why: 'Readers disagree about which of the two holds, and none of them says a word.',
  }),
  'profile/duplicate-uuid': entry<{ uuid: string }>({
    severity: 'error',
    message: ({ uuid }) => `\`${uuid}\` is the PayloadUUID of two parts of the profile`,
    help: () => 'give each part a UUID of its own',
    why: 'macOS refuses to install a profile in which a UUID repeats.',
  }),
  'profile/missing-key': entry<{ key: string; part: string }>({
    severity: 'error',
    message: ({ key, part }) => `\`${key}\` is missing in ${part}`,
    help: ({ key }) => `add \`${key}\``,
    why: "Apple's schema requires it: the profile does not install.",
  }),
  'profile/misspelt-key': entry<{ key: string; nearest: string }>({
    severity: 'error',
    message: ({ key, nearest }) => `\`${key}\` is not a key that Codex reads; nearest is \`${nearest}\``,
    help: ({ nearest }) => `write \`${nearest}\``,
    why: 'Codex asks for one key by its exact name. The policy under another name is never read.',
  }),
  'profile/no-requirements': entry<None>({
    severity: 'error',
    message: () => 'nothing here sets `requirements_toml_base64` of the preference domain `com.openai.codex`',
    help: () => 'put the base64 of requirements.toml under that key, as `codex-mdm build` does',
    why: 'The profile installs, and Codex finds no policy.',
  }),
  'profile/not-a-string': entry<{ key: string; found: string }>({
    severity: 'error',
    message: ({ key, found }) => `\`${key}\` must be a \`<string>\`, found \`<${found}>\``,
    help: () => 'put the base64 into a `<string>`',
    why: 'Codex takes the value for a text without looking. Another type is not read as the policy.',
  }),
  'profile/not-der': entry<{ form: string }>({
    severity: 'warning',
    message: ({ form }) => `the signed profile is stored as ${form}; macOS and MDM servers expect DER`,
    help: () => 'sign with `-outform der`',
    why: 'The content can be read here, but a device or an MDM server may refuse the file.',
  }),
  'profile/not-forced': entry<{ found: string }>({
    severity: 'error',
    message: ({ found }) => `the settings stand below \`${found}\`, not below \`Forced\``,
    help: () => 'rename it to `Forced`',
    why: 'Only forced preferences are out of the reach of the user.',
  }),
  'profile/scope': entry<{ found: string | undefined }>({
    severity: 'warning',
    message: ({ found }) =>
      found === undefined
        ? 'the profile has no PayloadScope: installed by hand it holds for one user only'
        : `PayloadScope is \`${found}\`: the policy holds for one user only`,
    help: () => 'write `System`',
    why: 'A policy for a machine must hold for every user of it.',
  }),
  'profile/syntax': entry<{ problem: string; fix: string }>({
    severity: 'error',
    message: ({ problem }) => problem,
    help: ({ fix }) => fix,
    why: 'macOS does not read a broken property list, so the policy never arrives.',
  }),
  'profile/two-values': entry<{ key: string }>({
    severity: 'error',
    message: ({ key }) => `two payloads set \`${key}\` to different values`,
    help: () => 'keep one of them',
    why: 'Nobody says which of the two wins: one policy is not enforced.',
  }),
  'profile/unknown-key': entry<{ key: string; nearest: string | undefined }>({
    severity: 'warning',
    message: ({ key, nearest }) =>
      `Codex reads no key \`${key}\` of its preference domain${nearest ? `; nearest is \`${nearest}\`` : ''}`,
    help: ({ nearest }) =>
      nearest
        ? `write \`${nearest}\``
        : 'remove it, or write it as TOML into the text under `requirements_toml_base64`',
    why: 'Codex reads two keys: `requirements_toml_base64` and `config_toml_base64`. All others have no effect.',
  }),
  'profile/wrong-domain': entry<{ found: string }>({
    severity: 'error',
    message: ({ found }) => `\`${found}\` is not the preference domain of Codex, which is \`com.openai.codex\``,
    help: () => 'write `com.openai.codex`',
    why: 'Codex asks for its own domain by the exact name. What stands under another is never read.',
  }),
  'profile/wrong-value': entry<{ key: string; expected: string }>({
    severity: 'error',
    message: ({ key, expected }) => `\`${key}\` must be ${expected}`,
    help: ({ expected }) => `write ${expected}`,
    why: "Apple's schema allows nothing else there: the profile does not install.",
  }),
};
