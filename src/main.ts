import { processIo } from './cli/io.ts';
import { run } from './cli/run.ts';

void run(processIo()).then((code) => {
  // Not process.exit: what is still in a pipe must get out.
  process.exitCode = code;
});
