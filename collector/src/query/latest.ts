/** The greatest of `times` and `atLeast`. Math.max cannot compare 64-bit integers. */
export function latest(times: readonly bigint[], atLeast: bigint): bigint {
  let found = atLeast;
  for (const time of times) if (time > found) found = time;
  return found;
}
