// Where things are. Everything can be said by environment variables; what is not said is found beside this folder.

import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(__dirname, '..', '..');
export const stoa = process.env.STOA_BIN ?? path.join(root, 'target', 'release', 'stoa');
export const chromium = process.env.STOA_E2E_CHROMIUM ?? '/usr/bin/chromium';
export const xtask = process.env.STOA_XTASK;

/** A folder below `target` for what people look at afterwards. */
export function output(name: string): string {
  const folder = path.join(root, 'target', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The library that moves a program's clock, for programs with several threads. */
export function faketime(): string {
  for (const triplet of readdirSync('/usr/lib')) {
    const folder = path.join('/usr/lib', triplet, 'faketime');
    try {
      if (readdirSync(folder).includes('libfaketimeMT.so.1')) return path.join(folder, 'libfaketimeMT.so.1');
    } catch {
      // Most folders are not that of the machine's architecture.
    }
  }
  throw new Error('libfaketimeMT.so.1 was not found: install Debian’s package faketime');
}
