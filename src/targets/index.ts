import { intune } from './intune.ts';
import { jamf } from './jamf.ts';
import { salt } from './salt.ts';
import type { Target } from './target.ts';

/** The selectable targets. A new product is one file, one line here and one in schemas/policy.schema.json. */
export const targets: readonly Target[] = [jamf, intune, salt];
