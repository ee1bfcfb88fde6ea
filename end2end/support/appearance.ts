// What every page must be: free of barriers, no wider than a phone, and fit to be looked at.

import AxeBuilder from '@axe-core/playwright';
import { expect, Page } from '@playwright/test';
import path from 'node:path';
import { output } from './environment';

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } } as const;
/** In pixels. */
const TALLEST = 8_000;
const THEMES = ['light', 'dark'] as const;

/** Looks at the page as it is now: both themes, both sizes; pictures of each go to target/screenshots. */
export async function appearanceFaults(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      faults.push(...(await overflow(page)).map((fault) => `${name}, ${theme}, ${size}: ${fault}`));
      await picture(page, path.join(output('screenshots'), `${name}-${theme}-${size}.png`), viewport.width);
      // Colours are those of the theme, layout is that of the size: two of four see all of both.
      if ((theme === 'light') === (size === 'desktop')) {
        faults.push(...(await barriers(page)).map((fault) => `${name}, ${theme}, ${size}: ${fault}`));
      }
    }
  }
  return faults;
}

/** The whole page, or the beginning of one that nobody looks at to its end: the reference of the API is forty metres long. */
async function picture(page: Page, file: string, width: number): Promise<void> {
  const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), TALLEST);
  await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height }, fullPage: true, animations: 'disabled', timeout: 180_000 });
}

/** What the automatic check finds that keeps people out. */
async function barriers(page: Page): Promise<string[]> {
  const result = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return result.violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id} (${one.impact}): ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

/** What sticks out to the right, which makes the whole page move sideways. */
async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement;
    if (wide.scrollWidth <= wide.clientWidth) return [];
    const scrolls = (element: Element | null): boolean => {
      for (let outer = element?.parentElement ?? null; outer; outer = outer.parentElement) {
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(outer).overflowX)) return true;
      }
      return false;
    };
    const out = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > wide.clientWidth + 1 && !scrolls(one));
    const names = out.slice(-2).map((one) => `<${one.tagName.toLowerCase()} class="${one.className}">`);
    return [`${wide.scrollWidth} px wide on ${wide.clientWidth} px: ${names.join(', ')}`];
  });
}

/** One heading of the first level (or as many as the page shows samples of), one main, a language and a title: what a reader by ear goes by. */
export async function expectLandmarks(page: Page, heads = 1): Promise<void> {
  await expect(page.locator('main')).toHaveCount(1);
  await expect(page.locator('h1')).toHaveCount(heads);
  await expect(page.locator('html')).toHaveAttribute('lang', /\w+/);
  expect(await page.title()).toMatch(/\S/);
}
