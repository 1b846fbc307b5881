import { type Example, policy } from './example.ts';

const blob = 'x'.repeat(99_000);

function servers(count: number): string {
  const entries = Array.from({ length: count }, (_, at) => `    s${at}: { identity: { command: /${blob} } }\n`);
  return `requirements:\n  mcp_servers:\n${entries.join('')}`;
}

/** The examples of the MDM products' limits. */
export const targetExamples = {
  'target/profile-too-large': {
    ...policy(servers(9), servers(1), { platforms: '[macos]' }),
    shown: 'A policy for macOS whose `requirements` come to 900,000 bytes; the profile carries them as base64.',
  },
  'target/script-too-large': {
    ...policy(servers(3), servers(1), { platforms: '[windows]' }),
    shown: 'A policy for Windows whose `requirements` come to 300,000 bytes; the Intune script carries them.',
  },
} satisfies Record<string, Example>;
