import { createHash } from 'node:crypto';

/** The namespace of every UUID that goes to devices. They recognise a profile by its UUIDs: it stays the same for ever. */
const namespace = '25902577-c2d3-4b88-9f6d-c056b9f2ab3a';

/** The version 5 UUID (RFC 9562) of a name in a namespace, in upper case as Apple writes them. */
export function uuidV5(space: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(space.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16).toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The UUID of a profile or payload identifier. */
export function uuidOf(identifier: string): string {
  return uuidV5(namespace, identifier);
}
