import { promisify } from 'node:util';
import { brotliDecompress, gunzip, type ZlibOptions } from 'node:zlib';
import { SyncError } from '@syncline/connector-kit';

const unpack = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
} as const;

/**
 * The text of a body that was read completely. Decompression runs in Node's thread pool and stops at `maxBytes`, so a
 * small answer cannot unfold to gigabytes (a "gzip bomb").
 * @throws SyncError UPSTREAM_TOO_LARGE; UPSTREAM_UNREACHABLE if the compressed data ends too early; UPSTREAM_BAD_BODY
 */
export async function decodeBody(bytes: Buffer, encoding: string | undefined, maxBytes: number): Promise<string> {
  const name = encoding?.trim().toLowerCase() || 'identity';
  if (bytes.length === 0 || name === 'identity') return asText(bytes);
  if (!isKnown(name)) {
    throw new SyncError('UPSTREAM_BAD_BODY', 'The answer is compressed in a way that was not asked for', {
      details: { reason: 'content-encoding' },
    });
  }
  try {
    return asText(await unpack[name](bytes, { maxOutputLength: maxBytes, chunkSize: chunkSizeFor(bytes) }));
  } catch (error) {
    throw unpackFailure(error as NodeJS.ErrnoException, maxBytes);
  }
}

/** Each chunk of output is a trip to the thread pool and back: room for what JSON usually unfolds to saves most. */
function chunkSizeFor(bytes: Buffer): number {
  return Math.min(256 * 1024, Math.max(16 * 1024, bytes.length * 8));
}

function isKnown(name: string): name is keyof typeof unpack {
  return Object.hasOwn(unpack, name);
}

// Some servers put a byte order mark in front, which JSON.parse refuses.
function asText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function unpackFailure(error: NodeJS.ErrnoException, maxBytes: number): SyncError {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') {
    return new SyncError('UPSTREAM_TOO_LARGE', undefined, { details: { maxBytes } });
  }
  if (error.code === 'Z_BUF_ERROR') {
    return new SyncError('UPSTREAM_UNREACHABLE', undefined, { details: { reason: 'truncated' } });
  }
  return new SyncError('UPSTREAM_BAD_BODY', 'The answer cannot be decompressed', {
    details: { reason: 'content-encoding' },
  });
}
