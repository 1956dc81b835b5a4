/**
 * What DuckDB 1.5 says when bytes on disk are not what was written: found by cutting files, flipping bits in each
 * part of them and in their write-ahead logs. Narrow on purpose, since a file that looks damaged is moved away.
 */
const DAMAGE = [
  /is not a valid DuckDB database file/,
  /Corrupt (database|WAL) file/,
  /Could not read enough bytes from file/,
  /Failed to deserialize/,
];

/** Whether DuckDB's error speaks of damaged bytes, not of a lock, a permission, a full disk or anything else. */
export function looksDamaged(error: Error): boolean {
  return DAMAGE.some((pattern) => pattern.test(error.message));
}
