export interface StackLine {
  text: string;
  /** `head` names the error, `app` is a frame of the app's own code, `library` one of anything else. */
  kind: 'head' | 'app' | 'library';
}

const FRAME = /^\s+(at |File "|\S+\.go:\d+)/;
const LIBRARY =
  /node_modules|node:internal|\(node:|\(<anonymous>\)|at <anonymous>|site-packages|dist-packages|lib\/python|<frozen|java\.base|\bjavax?\.|\bsun\.|\bjdk\.|org\.springframework|\/usr\/local\/go\/src|\/pkg\/mod\//;

/** Lines of a stack trace from Node, Python, Java or Go, told apart by whose code they are. */
export function readStack(text: string): StackLine[] {
  return text
    .replace(/\s+$/, '')
    .split(/\r?\n/)
    .map((line) => ({
      text: line,
      kind: FRAME.test(line) ? (LIBRARY.test(line) ? 'library' : 'app') : 'head',
    }));
}
