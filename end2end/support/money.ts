// Amounts as pages, documents and the API write them.

/** The digits of an amount: `€1,224.80`, `1,224.80 EUR` and `1224.8` are all `1224.80`. */
export function amount(text: string): string {
  const digits = text.replace(/[^\d.−-]/g, '').replace('−', '-');
  if (!/\d/.test(digits)) throw new Error(`no amount in “${text}”`);
  const [whole = '', decimals = ''] = digits.split('.');
  return `${whole}.${decimals.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** As documents write it: `1,224.80`. */
export function grouped(text: string): string {
  const [whole = '', decimals = ''] = amount(text).split('.');
  return `${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}.${decimals}`;
}

/** The exact sum of amounts, in cents so that nothing is lost. */
export function sum(texts: string[]): string {
  const cents = texts.map((text) => BigInt(amount(text).replace('.', ''))).reduce((all, one) => all + one, 0n);
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
