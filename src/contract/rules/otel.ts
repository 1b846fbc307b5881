import { type DataTable, type KeyPath, valueAt } from '../../source/document.ts';
import { hasRoot, type RuleFamily } from './family.ts';

// Where telemetry goes. The app-server builds its exporters when it starts, and does not start without them.

/** The rules about the addresses of telemetry. */
export const otelRules: RuleFamily = {
  concerns: hasRoot('otel'),
  rules: {
    'rule:otel-endpoint-form': (table) => endpointsThat(table, ['otlp-http', 'otlp-grpc'], isRefusedUri),
    'rule:otel-endpoint-host': (table) =>
      endpointsThat(
        table,
        ['otlp-grpc'],
        (text) => text !== '' && !text.startsWith('://') && !isRefusedUri(text) && !hasServerName(text),
      ),
  },
};

function endpointsThat(
  table: DataTable,
  protocols: readonly string[],
  isMeant: (text: string) => boolean,
): readonly KeyPath[] {
  return ['exporter', 'metrics_exporter', 'trace_exporter']
    .flatMap((exporter) => protocols.map((protocol) => ['otel', exporter, protocol, 'endpoint']))
    .filter((path) => {
      const text = valueAt(table, path);
      return typeof text === 'string' && isMeant(text);
    });
}

interface Uri {
  readonly authority: string;
  /** Path, query and fragment. */
  readonly rest: string;
}

function uriOf(text: string): Uri {
  const [, authority = '', rest = ''] = /^(?:[A-Za-z0-9+.-]+:\/\/)?([^/?#]*)(.*)$/s.exec(text) ?? [];
  return { authority, rest };
}

/** What no URI is, part by part as measured on 0.166.0 and 0.169.0. A host alone is one, and so is a path alone. */
function isRefusedUri(text: string): boolean {
  const { authority, rest } = uriOf(text);
  if (text === '' || text.startsWith('://')) return false;
  const isAlone = !/^[A-Za-z0-9+.-]+:\/\//.test(text);
  if (isAlone && authority !== '' && rest !== '') return true;
  if (authority === '' && !text.startsWith('/')) return true;
  return isRefusedAuthority(authority) || isRefusedPath(rest);
}

function isRefusedAuthority(authority: string): boolean {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // What follows the user and the brackets of IPv6: a percent sign stands in those alone.
  const name = authority.slice(Math.max(authority.lastIndexOf('@'), authority.lastIndexOf(']')) + 1);
  const isInBrackets = /^[^:[\]]*\[[^[\]]*\]/.test(host);
  return (
    /[^A-Za-z0-9!$&'()*+,\-.:;=@[\]_~%]/.test(authority) ||
    authority.endsWith('@') ||
    name.includes('%') ||
    (isInBrackets ? /[[\]]/.test(host.slice(host.indexOf(']') + 1)) : /[[\]]|:.*:/.test(host))
  );
}

function isRefusedPath(rest: string): boolean {
  const [, path = '', query = ''] = /^([^?#]*)([^#]*)/.exec(rest) ?? [];
  return /[\0-\x20<>`\x7F]/.test(path) || /[\0-\x20<>"]/.test(query);
}

/** A name of DNS, which does not end in a number, or an address of IPv4. */
function hasServerName(text: string): boolean {
  const { authority } = uriOf(text);
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:[^:]*$/, '');
  if (/^\d+(?:\.\d+)*$/.test(host)) return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(host);
  if (/(?:^|\.)\d+\.?$/.test(host)) return false;
  return host.length <= 253 && /^(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))*\.?$/.test(host);
}
