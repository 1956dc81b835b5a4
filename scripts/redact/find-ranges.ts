import type { Config } from '#config/schema.ts';
import { createRedactor } from '#processors/redact/redactor.ts';
import { RULES } from '#processors/redact/rules/index.ts';

/** What was found in a line: columns count characters from 1, `to` is the last; both 0 when only the rule is known. */
export interface FoundRange {
  rule: string;
  from: number;
  to: number;
}

/** Says which rules found what where in one text, and what the text becomes. */
export type FindRanges = (text: string) => { found: FoundRange[]; after: string };

/**
 * Makes a redactor of the same rules that tells the places too: a rule says where as it finds, and a count follows
 * when that is really replaced. Rules of `redact.custom` do not say where.
 */
export function createFindRanges(
  config: Config,
  { hashKey, service }: { hashKey: string; service: string },
): FindRanges {
  let bytes = Buffer.alloc(0);
  let hits: { rule: string; start: number; end: number }[] = [];
  let last: { rule: string; start: number; end: number } | null = null;
  const rules = RULES.map((rule) => ({
    ...rule,
    find: (...args: Parameters<typeof rule.find>) => {
      const isFound = rule.find(...args);
      if (isFound) last = { rule: rule.name, start: args[2].start, end: args[2].end };
      return isFound;
    },
  }));
  const redactor = createRedactor(config.redact, {
    rules,
    hashKey,
    counts: {
      add({ rule }) {
        hits.push(last !== null && last.rule === rule ? last : { rule, start: -1, end: -1 });
        last = null;
      },
      list: () => [],
    },
    monotonicMs: () => 0,
    maxValueBytes: Number.MAX_SAFE_INTEGER,
    cutText: () => null,
    onCut: () => {},
  });
  const column = (offset: number) => [...bytes.subarray(0, offset).toString()].length;

  return (text) => {
    bytes = Buffer.from(text);
    hits = [];
    last = null;
    const after = redactor.text(service, bytes);
    const found = hits.map(({ end, rule, start }) => ({
      rule,
      from: start < 0 ? 0 : column(start) + 1,
      to: start < 0 ? 0 : column(end),
    }));
    return { found, after: after === null ? text : Buffer.from(after).toString() };
  };
}
