// Months as the provider's calendar has them.

const ZONE = 'Europe/Tallinn';

/** The running month there, as 2026-11. */
export function thisMonth(now = new Date()): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, year: 'numeric', month: '2-digit' }).format(now);
}

/** How many seconds it is to noon of the second day of the month after this one. */
export function untilNextMonth(now = new Date()): number {
  const [year = 0, month = 0] = thisMonth(now).split('-').map(Number);
  // Months count from zero here, so that `month` is already the next one.
  return Math.ceil((Date.UTC(year, month, 2, 12) - now.getTime()) / 1000);
}

/** A day as forms take it. */
export function day(offset: number, now = new Date()): string {
  const date = new Date(now.getTime() + offset * 86_400_000);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(date);
}
