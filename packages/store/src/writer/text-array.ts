const textOid = 25;
const headerLength = 20;
/** The most bytes that UTF-8 needs for a unit of JavaScript's strings. */
const bytesPerUnit = 3;

/**
 * Encodes a text[] parameter in Postgres' binary format (as array_recv reads it): one dimension, lower bound 1. Half the
 * work of the text format, on both sides: nothing is quoted and nothing is parsed, each element is a length and bytes.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  let buffer = Buffer.allocUnsafe(headerLength + values.length * 64);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(textOid, 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  let end = headerLength;
  for (const value of values) {
    const room = 4 + (value?.length ?? 0) * bytesPerUnit;
    if (end + room > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, end + room));
      buffer.copy(larger, 0, 0, end);
      buffer = larger;
    }
    if (value === null) {
      buffer.writeInt32BE(-1, end);
      end += 4;
    } else {
      const length = buffer.write(value, end + 4);
      buffer.writeInt32BE(length, end);
      end += 4 + length;
    }
  }
  return buffer.subarray(0, end);
}
