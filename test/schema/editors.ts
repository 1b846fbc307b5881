import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** A diagnostic as an editor shows it. */
export interface EditorDiagnostic {
  readonly message: string;
  readonly line: number;
}

/** What yaml-language-server tells an editor about each of some texts, opened under their paths; one server for all. */
export async function yamlDiagnostics(texts: ReadonlyMap<string, string>): Promise<Told> {
  const server = spawn('yaml-language-server', ['--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    return await converse(server, texts);
  } finally {
    server.kill();
  }
}

/** The diagnostics by path. */
type Told = ReadonlyMap<string, readonly EditorDiagnostic[]>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly uri?: string;
    readonly items?: readonly { readonly section?: string }[];
    readonly diagnostics?: readonly { message: string; range: { start: { line: number } } }[];
  };
}

function converse(server: ChildProcess, texts: ReadonlyMap<string, string>): Promise<Told> {
  const paths = new Map([...texts.keys()].map((path) => [pathToFileURL(path).href, path]));
  const told = new Map<string, readonly EditorDiagnostic[]>();
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const settings = { yaml: { validate: true, schemaStore: { enable: false } } };
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.on('exit', () => reject(new Error('the language server ended')));
    let buffer = Buffer.alloc(0);
    server.stdout?.on('data', (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      for (;;) {
        const head = /^Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(buffer.toString('latin1'));
        const length = Number(head?.[1]);
        if (!head || buffer.length < head[0].length + length) return;
        const message: Message = JSON.parse(buffer.subarray(head[0].length, head[0].length + length).toString());
        buffer = buffer.subarray(head[0].length + length);
        answer(message);
      }
    });
    const answer = ({ id, method, params }: Message): void => {
      const path = method === 'textDocument/publishDiagnostics' ? paths.get(params?.uri ?? '') : undefined;
      if (path !== undefined) {
        const found = params?.diagnostics ?? [];
        told.set(
          path,
          found.map((one) => ({ message: one.message, line: one.range.start.line + 1 })),
        );
        if (told.size === texts.size) resolve(told);
      } else if (method === 'workspace/configuration')
        send({ id, result: params?.items?.map(({ section }) => (section === 'yaml' ? settings.yaml : {})) });
      else if (method !== undefined && id !== undefined) send({ id, result: null });
      else if (id === 1) {
        send({ method: 'initialized', params: {} });
        send({ method: 'workspace/didChangeConfiguration', params: { settings } });
        for (const [uri, opened] of paths) {
          const text = texts.get(opened) ?? '';
          send({
            method: 'textDocument/didOpen',
            params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
          });
        }
      }
    };
    send({
      id: 1,
      method: 'initialize',
      params: { processId: process.pid, rootUri: null, capabilities: { workspace: { configuration: true } } },
    });
  });
}
