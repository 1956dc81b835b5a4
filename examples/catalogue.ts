export interface Product {
  sku: string;
  name: string;
  priceCents: number;
}

/** What the shop sells. */
export const catalogue: readonly Product[] = [
  { sku: 'lamp-01', name: 'Signal lamp', priceCents: 4_900 },
  { sku: 'bell-02', name: 'Block bell', priceCents: 12_500 },
  { sku: 'lever-03', name: 'Frame lever', priceCents: 8_900 },
  { sku: 'flag-04', name: 'Hand flag', priceCents: 900 },
  { sku: 'token-05', name: 'Single-line token', priceCents: 2_400 },
];
