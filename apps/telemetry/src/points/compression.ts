import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * At once and in this thread, which takes 0.1 ms a chunk; asynchronously each gets a context in a thread of the pool,
 * and the memory for it costs 1.4 ms. Level 1 takes no less, as values hardly compress.
 */
const LEVEL = { [constants.ZSTD_c_compressionLevel]: 3 };
/** Setting up zstd takes a while each time: what is shorter gains nothing. */
const SHORTEST_COMPRESSED = 4096;
const PIECE_BYTES = 64 * 1024;
const PLAIN = 0;
const ZSTD = 1;

/** Bytes as they are stored: short ones as they are. */
export function compressed(bytes: Buffer): Buffer {
  if (bytes.length < SHORTEST_COMPRESSED) return Buffer.concat([Buffer.of(PLAIN), bytes]);
  // With the length known, zstd takes no more memory than that needs.
  const packed = zstdCompressSync(bytes, { params: LEVEL, pledgedSrcSize: bytes.length, chunkSize: PIECE_BYTES });
  return Buffer.concat([Buffer.of(ZSTD), packed]);
}

export function decompressed(stored: Buffer): Buffer {
  const bytes = stored.subarray(1);
  return stored[0] === PLAIN ? bytes : zstdDecompressSync(bytes, { chunkSize: PIECE_BYTES });
}
