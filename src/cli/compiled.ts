import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** What a bundle asks for other modules with. */
type Require = (name: string) => unknown;

/**
 * Where the build keeps what V8 has compiled of a bundle. That is good for one version of V8 and one machine's kind
 * alone: with any other Node the file is not there, and the bundle starts as every bundle does.
 */
export function codeFile(bundle: string): string {
  return `${bundle}.${process.version}-${process.platform}-${process.arch}`;
}

/** A bundle as Node wraps it, with V8's code for it if there is any. V8 takes no code that is not of this very text. */
export function compiledBundle(bundle: string, code: Buffer | undefined): Script {
  const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(bundle, 'utf8')}\n})`;
  return new Script(text, { filename: bundle, ...(code ? { cachedData: code } : {}) });
}

/** The exports of such a bundle. */
export function startBundle(script: Script, bundle: string, require: Require): unknown {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, bundle, dirname(bundle));
  return module.exports;
}

/** The exports of a bundle, started without compiling it again: that takes a third of the time for one file. */
export function requireCompiled(bundle: string, require: Require): unknown {
  const code = codeOf(bundle);
  return code ? startBundle(compiledBundle(bundle, code), bundle, require) : require(bundle);
}

function codeOf(bundle: string): Buffer | undefined {
  try {
    return readFileSync(codeFile(bundle));
  } catch {
    return undefined;
  }
}
