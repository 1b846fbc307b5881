import { entry } from './entry.ts';

/** Limits of the MDM products. */
export const targetCodes = {
  'target/profile-too-large': entry<{ bytes: number; limit: number }>({
    severity: 'error',
    message: ({ bytes, limit }) => `the macOS profile would have ${bytes} bytes; at most ${limit} are safe`,
    help: () => 'shorten `requirements`, or move long texts out of it',
    why: 'Intune refuses profiles of 1,000,000 bytes and more.',
  }),
  'target/script-too-large': entry<{ script: string; bytes: number; limit: number }>({
    severity: 'error',
    message: ({ script, bytes, limit }) =>
      `\`${script}\` would have ${bytes} bytes, because it carries the files; at most ${limit} are safe`,
    help: () =>
      'ship fewer or smaller `files`, or leave the product out of `targets` and deliver device/ by other means',
    why: 'Intune refuses Windows scripts of 200 KB and more; the same limit is kept everywhere.',
  }),
};
