/**
 * A key for something that is to be done once, however often it is sent. Not `randomUUID`: browsers keep that from
 * plain-HTTP addresses of a local network.
 */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
