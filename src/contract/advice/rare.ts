import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Advised } from './advised.ts';
import { mcpAdvice } from './mcp.ts';
import { misplacedAdvice } from './misplaced.ts';
import { networkAdvice } from './network.ts';

/** The themes about keys that most files do not have. */
export function rareAdvice(advised: Advised): Diagnostic[] {
  return [misplacedAdvice, mcpAdvice, networkAdvice].flatMap((theme) => theme(advised));
}
