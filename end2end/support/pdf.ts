import { execFileSync } from 'node:child_process';

/** The text of a PDF, laid out as on its pages. */
export function pdfText(file: string): string {
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

/** Turns each page into a picture `<target>-1.png` … to be looked at. */
export function pdfPictures(file: string, target: string): void {
  execFileSync('pdftoppm', ['-png', '-r', '80', file, target]);
}
