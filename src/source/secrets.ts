/**
 * The one list of texts that are secrets by their form. Each has a name for the message and a pattern that does not begin
 * again and again in a long text.
 */
const secrets: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/ },
  { what: 'an OpenAI or Anthropic API key', pattern: /\bsk-[A-Za-z0-9_-]{20,}/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[opsur]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,})/ },
  { what: 'a GitLab token', pattern: /\bgl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{20,}/ },
  { what: 'a Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}/ },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: 'a Google API key', pattern: /\bAIza[0-9A-Za-z_-]{35}|\bya29\.[0-9A-Za-z_-]{20,}/ },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}/ },
  { what: 'a PyPI token', pattern: /\bpypi-AgE[A-Za-z0-9_-]{20,}/ },
  { what: 'a Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{30,}/ },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/ },
  { what: 'a SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/ },
  {
    what: 'a JSON web token',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  },
  { what: 'a user name and password in a URL', pattern: /\b[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/[^\s/:@?#]*:[^\s/@?#]+@/ },
];

/**
 * What every one of those texts has somewhere: three looks at a text instead of one for each pattern. One look for all of
 * it takes twice as long: V8 leaps ahead only where few beginnings are possible.
 */
const hints: readonly RegExp[] = [
  /sk-|gh[opsur]_|github_pat_|gl(?:pat|dt|rt|ptt|cbt)-|xox|xapp-/,
  /AKIA|ASIA|AIza|SG\.|eyJ|-----BEGIN|:\/\//,
  /npm_|pypi-|hf_|k_live_|ya29\./,
];

/** No secret is shorter, but for an address with a password. */
const shortest = 15;

/** Whether a text has what some kind of secret always has: of most texts the answer is no, and one look tells. */
export function mayBeSecret(text: string): boolean {
  return text.length < shortest ? text.includes('://') : hints.some((hint) => hint.test(text));
}

/** What kind of secret a text holds, as a noun with its article, or undefined. */
export function secretIn(text: string): string | undefined {
  if (!mayBeSecret(text)) return undefined;
  return secrets.find(({ pattern }) => pattern.test(text))?.what;
}

/** The text with every secret replaced by as many asterisks, so that places stay where they were. */
export function withoutSecrets(text: string): string {
  if (!mayBeSecret(text)) return text;
  return secrets.reduce(
    (result, { pattern }) => result.replace(new RegExp(pattern, 'g'), (secret) => '*'.repeat(secret.length)),
    text,
  );
}
