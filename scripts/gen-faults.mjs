// What test/relay/faults.json says, as people read it and as templates/Test-CodexRelay.ps1 runs it. Used by gen.mjs.

const groups = {
  collector: 'The collector',
  network: 'The way to it',
  device: 'The device',
  relay: 'The relay itself',
  event: 'The event',
};

/** The block of docs/relay.md: what each outcome means, and a table for each group of faults, one row for each fault. */
export function faultsPage({ classes, outcomes, faults }) {
  const head = (first) => [
    `| ${[first, ...classes.map(({ title }) => title), 'on a pilot PC'].join(' | ')} |`,
    `|---|${'---|'.repeat(classes.length + 1)}`,
  ];
  const row = ({ title, how, cells, windows }) => {
    const shown = windows === undefined ? '' : windows === 'same' ? 'yes' : [...new Set(windows)].join(', ');
    return `| ${[`${title}${how === '' ? '' : `: ${how}`}`, ...cells, shown].join(' | ')} |`;
  };
  const odd = faults.find(({ group }) => !Object.hasOwn(groups, group));
  if (odd) throw new Error(`faults.json: ${odd.id} is in no known group`);
  return [
    '| outcome | meaning |',
    '|---|---|',
    ...Object.entries(outcomes).map(([name, { means }]) => `| **${name}** | ${means} |`),
    ...Object.entries(groups).flatMap(([group, title]) => [
      '',
      ...head(title),
      ...faults.filter((fault) => fault.group === group).map(row),
    ]),
  ].join('\n');
}

/** The block of Test-CodexRelay.ps1: the faults that a PC can show. `form` gives what stands around a denial's reason. */
export function faultsPowershell({ message, reason, classes, outcomes, faults }, form, jsonText) {
  const text = (value) => {
    if (/[^ -&(-~]/.test(value)) throw new Error(`not plain enough for PowerShell: ${value}`);
    return `'${value}'`;
  };
  const list = (values) => `@(${values.map(text).join(', ')})`;
  return [
    `$Message = ${text(message)}`,
    `$ReasonJson = ${text(jsonText(reason))}`,
    `$ReasonBytes = [Convert]::FromBase64String(${text(Buffer.from(`${reason}\n`).toString('base64'))})`,
    '$Classes = @(',
    ...classes.map(
      ({ id, mode, onFailure, events }) =>
        `    @{ Id = ${text(id)}; Mode = ${text(mode)}; OnFailure = ${text(onFailure)}; Event = ${text(events[0])}; Form = ${list(form(events[0]))} }`,
    ),
    ')',
    '$Outcomes = @{',
    ...Object.entries(outcomes).map(
      ([name, { denies, collector, later }]) =>
        `    ${text(name)} = @{ Denies = ${text(denies)}; Collector = ${text(collector)}; Later = ${text(later)} }`,
    ),
    '}',
    '$Faults = @(',
    ...faults
      .filter(({ windows }) => windows !== undefined)
      .map(
        ({ id, cells, windows }) => `    @{ Id = ${text(id)}; Cells = ${list(windows === 'same' ? cells : windows)} }`,
      ),
    ')',
  ].join('\n');
}
