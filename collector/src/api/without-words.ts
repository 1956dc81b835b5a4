/**
 * Runs what handles something secret: a fault keeps its kind and the places in the code, but not its message, which
 * may repeat what it was given and would get into the log.
 */
export async function withoutWords<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (fault) {
    const { message = '', name = 'Error', stack = '' } = fault instanceof Error ? fault : {};
    const error = new Error(`${name}; its message is left out, as it may repeat what was sent`);
    const head = `${name}: ${message}`;
    error.stack = `${error.message}${stack.startsWith(head) ? stack.slice(head.length) : ''}`;
    throw error;
  }
}
