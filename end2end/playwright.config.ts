import { defineConfig } from '@playwright/test';
import { chromium } from './support/environment';

// One worker: SLURM breaks its tree of accounts when two changes run at once, and the machine has two cores.
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  globalSetup: './support/setup.ts',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // These end what hangs: a machine that does much else takes three times as long, and is not at fault.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    actionTimeout: 30_000,
    navigationTimeout: 45_000,
    testIdAttribute: 'data-test',
    locale: 'en-GB',
    timezoneId: 'Europe/Tallinn',
    colorScheme: 'light',
    // The fading between two pages lies over the new page for a moment, and without scripts nobody can wait for its end.
    contextOptions: { reducedMotion: 'reduce' },
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
