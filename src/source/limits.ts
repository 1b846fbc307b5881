/** Tables and lists may stand in one another this many times. */
export const maxDepth = 64;

/** Marks, names and values of one file, some 70,000 lines: the parsers need minutes for 4 MiB of nothing but brackets. */
export const maxParts = 500_000;

/** Of a file that is wrong throughout, nobody reads more findings. */
export const maxFindings = 100;
