/**
 * The first process of a room, as the text of a CommonJS script for `node -e`: it keeps the namespaces alive, opens
 * listening sockets inside them and hands these to the parent, and reads and writes files there. Plain text, because
 * it must run the same from TypeScript sources under vitest and from a bundle.
 * Requests are { id, op, … } over the IPC channel; each gets one answer { id, value } or { id, error }.
 */
export const keeperScript = `
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const servers = new Map();
// Programs of the room write and remove beside us: what is gone by the time we look is not there.
const unlessGone = (look, otherwise) => {
  try {
    return look();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return otherwise;
    throw error;
  }
};
const walk = (folder, below) =>
  unlessGone(() => fs.readdirSync(path.join(folder, below), { withFileTypes: true }), []).flatMap((entry) => {
    const name = path.join(below, entry.name);
    return entry.isDirectory() ? [name, ...walk(folder, name)] : [name];
  });
const ops = {
  write({ file, data, mode }) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.rmSync(file, { force: true });
    fs.writeFileSync(file, Buffer.from(data, 'base64'));
    fs.chmodSync(file, mode);
  },
  read: ({ file }) => unlessGone(() => fs.readFileSync(file, 'base64'), null),
  list: ({ folder }) => walk(folder, '').sort(),
  makeFolder({ folder }) { fs.mkdirSync(folder, { recursive: true }); },
  remove({ file }) { fs.rmSync(file, { recursive: true, force: true }); },
  handedOver({ listener }) { servers.get(listener)?.close(); servers.delete(listener); },
};
process.on('message', ({ id, op, ...args }) => {
  if (op === 'listen') {
    const server = net.createServer();
    server.once('error', (error) => process.send({ id, error: error.message }));
    // The socket stays open here until the parent has it: two processes must not both accept.
    server.listen(args.port, '127.0.0.1', () => {
      servers.set(id, server);
      process.send({ id, value: { port: server.address().port } }, server);
    });
    return;
  }
  try {
    process.send({ id, value: ops[op](args) ?? null });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ id: 0, value: null });
`;
