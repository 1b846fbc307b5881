/** A small file that earns a code, and the same file corrected, as `codes CODE` and docs/diagnostics.md show them. */
export interface Example {
  /** Its name, which says what it is. */
  readonly file: string;
  /** Options of `codex-mdm validate`, where the code needs them. */
  readonly options?: readonly string[];
  readonly bad: string | Uint8Array;
  readonly fixed: string | Uint8Array;
  /** What is shown instead of the two: one sentence, where they are too long or no text. */
  readonly shown?: string;
  /** The mode of the bad file on disk; the corrected one has 0644. */
  readonly mode?: number;
  /** Files beside it, by name, with their contents. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** An example in a requirements.toml, on the newest release unless `codex` names others. */
export function requirements(bad: string, fixed: string, codex?: string): Example {
  return { file: 'requirements.toml', bad, fixed, ...(codex === undefined ? {} : { options: ['--codex', codex] }) };
}

interface Envelope {
  readonly clients?: string;
  readonly platforms?: string;
}

/** An example in a policy.yaml: what stands below the keys that every policy has. */
export function policy(bad: string, fixed: string, envelope: Envelope = {}): Example {
  return { file: 'policy.yaml', bad: policyText(bad, envelope), fixed: policyText(fixed, envelope) };
}

/** A whole policy around some lines. */
export function policyText(body: string, { clients = '>=0.150.0', platforms = '[linux]' }: Envelope = {}): string {
  return `version: 1\nname: example\norganization: { name: Example Org, identifier: com.example }\nclients: "${clients}"\nplatforms: ${platforms}\n${body}`;
}

/** What `validate` says about an example, recorded by `npm run gen` in example-findings.gen.ts. */
export interface ExampleFinding {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help: string | null;
  /** Whether `validate --fix` corrects the example. */
  readonly isFixable: boolean;
}
