import { readStack } from './stack-frames.ts';

/** A stack trace: frames of the app stand out, those of libraries and the runtime step back. */
export function StackTrace({ text }: { text: string }) {
  return (
    <pre class="stack">
      {readStack(text).map((line, index) => (
        <span key={index} class={`stack-${line.kind}`}>
          {line.text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
