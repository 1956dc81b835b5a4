import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut, type Edit, rewrite } from './rewrite.ts';

/** A message as a tree: a leaf is a field with bytes, a branch a field with a message. */
type Node = { number: number; leaf: number[] } | { number: number; children: Node[] };

const text = (value: string) => [...Buffer.from(value)];

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
}

function encodeNode(node: Node): number[] {
  const content = 'leaf' in node ? node.leaf : node.children.flatMap(encodeNode);
  return [(node.number << 3) | 2, ...varint(content.length), ...content];
}

const encode = (nodes: readonly Node[]) => Uint8Array.from(nodes.flatMap(encodeNode));

/** Goes through tree and bytes side by side; `decide` says for each node what the tree and the edits become. */
function editTree(
  nodes: readonly Node[],
  at: number,
  decide: (node: Node) => 'keep' | 'cut' | 'replace' | 'precede',
  edits: Edit[],
): Node[] {
  let offset = at;
  return nodes.flatMap((node): Node[] => {
    const whole = encodeNode(node);
    const size = 'leaf' in node ? node.leaf.length : encode(node.children).length;
    const start = offset;
    const contentAt = start + whole.length - size;
    offset += whole.length;
    const choice = decide(node);
    if (choice === 'cut') {
      edits.push(cut(start, offset));
      return [];
    }
    if (choice === 'replace') {
      const replaced = {
        number: node.number,
        leaf: text('replaced by something longer than it was before'.repeat(3)),
      };
      edits.push({ start: contentAt, end: offset, bytes: Uint8Array.from(replaced.leaf) });
      if (size > 0) return [replaced];
      edits.pop();
      return [node];
    }
    const before: Node[] = choice === 'precede' ? [{ number: 9, leaf: text('new') }] : [];
    if (choice === 'precede') edits.push({ start, end: start, bytes: encode(before) });
    return 'leaf' in node
      ? [...before, node]
      : [...before, { number: node.number, children: editTree(node.children, contentAt, decide, edits) }];
  });
}

const { forest } = fc.letrec<{ forest: Node[]; node: Node; leaf: Node; branch: Node }>((tie) => ({
  forest: fc.array(tie('node'), { maxLength: 4 }),
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('branch')),
  leaf: fc.record({
    number: fc.integer({ min: 1, max: 8 }),
    leaf: fc.array(fc.nat(255), { maxLength: 150 }),
  }),
  branch: fc.record({ number: fc.integer({ min: 1, max: 8 }), children: tie('forest') }),
}));

test('the bytes become what the tree becomes, whatever is cut, replaced or put in, in any order', () => {
  const choice = fc.constantFrom('keep', 'keep', 'keep', 'cut', 'replace', 'precede');
  fc.assert(
    fc.property(forest, fc.infiniteStream(choice), fc.infiniteStream(fc.nat()), (nodes, choices, order) => {
      const edits: Edit[] = [];
      const expected = encode(editTree(nodes, 0, () => choices.next().value as 'keep', edits));
      const shuffled = edits
        .map((edit) => ({ edit, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ edit }) => edit);
      assert.deepEqual(rewrite(encode(nodes), shuffled), expected);
    }),
    { numRuns: 500 },
  );
});

test('what lies inside a range that goes, goes with it; what goes in before that range stays', () => {
  const inner: Node = { number: 1, leaf: text('inner') };
  const bytes = encode([
    { number: 2, children: [inner, inner] },
    { number: 3, leaf: text('last') },
  ]);
  const insert = encode([{ number: 4, leaf: text('front') }]);
  const outer = cut(0, bytes.length - 6);
  const edits = [cut(2, 9), outer, { start: 0, end: 0, bytes: insert }];
  assert.deepEqual(rewrite(bytes, edits), Uint8Array.from([...insert, ...bytes.subarray(bytes.length - 6)]));
});

test('without edits the bytes are the same, in a copy', () => {
  const bytes = encode([{ number: 1, leaf: text('x') }]);
  assert.deepEqual(rewrite(bytes, []), bytes);
  assert.notEqual(rewrite(bytes, []), bytes);
});

test('a hundred thousand edits take linear time', () => {
  const node: Node = { number: 1, leaf: text('some text') };
  const bytes = encode(new Array<Node>(100_000).fill(node));
  const size = bytes.length / 100_000;
  const edits = Array.from({ length: 100_000 }, (_, i) => cut(i * size, (i + 1) * size));
  assert.equal(rewrite(bytes, edits.reverse()).length, 0);
});
