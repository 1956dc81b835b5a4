/** One request the traffic generator may send; `route` names it in the summary. */
export interface PlannedRequest {
  to: 'shop' | 'assistant';
  method: 'GET' | 'POST';
  path: string;
  route: string;
  body?: unknown;
}

type Random = () => number;

const skus = ['lamp-01', 'bell-02', 'lever-03', 'flag-04', 'token-05'];
const questions = [
  'What does a signal lamp show?',
  'Why does the block bell ring twice?',
  'How does a frame lever move the points?',
];

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T;

function itemsOf(random: Random) {
  const count = 1 + Math.floor(random() * 3);
  const start = Math.floor(random() * skus.length);
  return Array.from({ length: count }, (_, index) => ({
    sku: skus[(start + index) % skus.length],
    quantity: 1 + Math.floor(random() * 3),
  }));
}

const get = (path: string, route = path): PlannedRequest => ({ to: 'shop', method: 'GET', path, route });
const post = (path: string, body: unknown): PlannedRequest => ({
  to: 'shop',
  method: 'POST',
  path,
  route: path,
  body,
});

const mix: { share: number; plan: (random: Random) => PlannedRequest }[] = [
  { share: 22, plan: () => get('/products') },
  { share: 20, plan: (random) => get(`/products/${pick(skus, random)}`, '/products/:sku') },
  { share: 5, plan: () => get('/products/sold-out-99', '/products/:sku') },
  { share: 12, plan: (random) => post('/carts', { items: itemsOf(random) }) },
  { share: 4, plan: () => post('/carts', { items: [{ sku: 'lamp-01', quantity: 0 }] }) },
  { share: 3, plan: () => get('/carts/forgotten', '/carts/:id') },
  { share: 12, plan: (random) => post('/checkout', { items: itemsOf(random) }) },
  {
    share: 4,
    plan: (random) => post('/workflow', { items: itemsOf(random), question: pick(questions, random) }),
  },
  { share: 8, plan: planChat },
  { share: 4, plan: () => get('/reports/sales') },
  { share: 4, plan: () => get('/recommendations?history=%5B%22lamp-01%22%5D', '/recommendations') },
  { share: 2, plan: () => get('/recommendations', '/recommendations') },
];

const totalShare = mix.reduce((sum, { share }) => sum + share, 0);

function planChat(random: Random): PlannedRequest {
  const user = 1 + Math.floor(random() * 20);
  const body = { question: pick(questions, random), userId: `user-${user}`, conversationId: `talk-${user}` };
  return { to: 'assistant', method: 'POST', path: '/chat', route: '/chat', body };
}

/** The next request: mostly good ones, with slow ones, client errors (4xx) and exceptions (5xx) in between. */
export function planRequest(random: Random): PlannedRequest {
  let left = random() * totalShare;
  for (const { share, plan } of mix) {
    left -= share;
    if (left < 0) return plan(random);
  }
  return get('/products');
}

/** A small generator of numbers from 0 up to 1 (mulberry32): the same seed gives the same traffic. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
