import { processIo } from './cli/io.ts';
import { run } from './cli/run.ts';

void run(processIo()).then((code) => {
  // Not process.exit: what still has to be done gets its time.
  process.exitCode = code;
});
