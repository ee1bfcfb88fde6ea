// What the journey's order must cost, worked out here a second time from the plan's prices, so that the portal does not check itself.

import { day } from './time';

const TAX = 22;
const CENTS_PER_CPU_HOUR = 2;
const CENTS_PER_TERABYTE = 1800;

/** First invoice and full month with tax, and the first invoice without: processor time is paid once, storage by the days that are left of the month. */
export function expectedQuote(cpuHours: number, terabytes: number): { first: string; net: string; month: string } {
  const [year = 0, month = 0, today = 0] = day(0).split('-').map(Number);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const storage = divided(CENTS_PER_TERABYTE * terabytes * (days - today + 1), days);
  const net = CENTS_PER_CPU_HOUR * cpuHours + storage;
  return {
    first: withTax(net),
    net: euros(net),
    month: withTax(CENTS_PER_TERABYTE * terabytes),
  };
}

/** Rounded half away from zero; both are whole and not negative. */
export function divided(cents: number, by: number): number {
  return Math.floor((2 * cents + by) / (2 * by));
}

function withTax(net: number): string {
  return euros(net + divided(net * TAX, 100));
}

export function euros(cents: number): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
