/** What became of one recorded event. */
export interface Row {
  readonly event: string;
  readonly tool: string | undefined;
  readonly mode: string;
  /** let through, denied, `failure, …` or, where nothing was asked, reported. */
  readonly verdict: string;
  readonly reason: string | undefined;
  readonly exit: number | null;
  /** Of the event. */
  readonly bytes: number;
  readonly milliseconds: number;
  /** Of an observed event: delivered, spooled, dropped, not delivered. */
  readonly report: string | undefined;
  /** What the collector answered; undefined for silence. */
  readonly status: string | undefined;
  /** Whether this is what the policy wants. */
  readonly ok: boolean;
}

/** The events while the collector behaves in one way. */
export interface Round {
  readonly collector: string;
  readonly rows: readonly Row[];
}

/** The rounds as tables for people. */
export function asText(rounds: readonly Round[], { color }: { readonly color: boolean }): string {
  const rows = rounds.flatMap((round) => round.rows);
  if (rows.length === 0) return 'no hook of the policy takes any of the recorded events\n';
  const red = (text: string): string => (color ? `\u001b[31m${text}\u001b[0m` : text);
  const parts = rounds.map(({ collector, rows: these }) => {
    const lines = aligned([
      ['event', 'verdict', 'exit', 'bytes', 'ms', 'report', ''],
      ...these.map(({ event, tool, verdict, reason, exit, bytes, milliseconds, report }) => [
        tool === undefined ? event : `${event} (${tool})`,
        verdict,
        String(exit ?? 'killed'),
        String(bytes),
        milliseconds.toFixed(1),
        report ?? '-',
        reason === undefined ? '' : printable(reason),
      ]),
    ]);
    const marked = lines.map((line, index) =>
      index > 0 && these[index - 1]?.ok === false ? red(`! ${line}`) : `  ${line}`,
    );
    return [`${collector}:`, ...marked].join('\n');
  });
  const wrong = rows.filter(({ ok }) => !ok).length;
  const summary =
    wrong === 0
      ? `${rows.length} events, all as the policy wants`
      : red(`${rows.length} events, ${wrong} not as the policy wants (!)`);
  return `${parts.join('\n\n')}\n\n${summary}\n`;
}

/** Columns as wide as they must be; numbers stand to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        return column >= 2 && column <= 4 ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** A reason comes from a collector: nothing in it moves the terminal's cursor. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200);
}
