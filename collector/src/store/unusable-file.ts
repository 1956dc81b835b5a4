import { OperatorError } from '#core/errors.ts';

const ELSEWHERE = 'choose another folder with data_dir or SIGNALBOX_DATA_DIR';

/** What the operator can do about a file of the store that is not damaged and yet cannot be opened. */
export function unusableFile(path: string, error: Error): OperatorError {
  const { message } = error;
  if (/Could not set lock on file/.test(message)) {
    const holder = /\(PID \d+\)/.exec(message)?.[0] ?? '(process unknown)';
    return new OperatorError(
      `${path} is in use ${holder}: another Signalbox uses this data folder. Stop that one, or ${ELSEWHERE}.`,
    );
  }
  if (/Permission denied|Read-only file system/i.test(message)) {
    return new OperatorError(
      `Cannot open ${path}: ${firstLine(message)}. Give this user read and write access to it, or ${ELSEWHERE}.`,
    );
  }
  if (/No space left|Disk quota exceeded/i.test(message)) {
    return new OperatorError(`No space is left on the disk for ${path}. Free some, or ${ELSEWHERE}.`);
  }
  if (/No such file or directory/.test(message)) {
    return new OperatorError(`The folder of ${path} is gone. Make it again, or ${ELSEWHERE}.`);
  }
  return new OperatorError(
    `Cannot open ${path}: ${firstLine(message)}. The file was left as it is; move it out of the folder to start without it.`,
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0]!;
}
