// The test function of all journeys: a server of their own, people who sign in, and an eye on the browser's console.

import { test as base, expect, Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { password, Person } from './people';
import { Options, Server } from './server';
import { signIn } from '../pages/sign_in';

export { expect };

/** Collects what a page may never say: violations of its policy, errors of its scripts. */
export class PageErrors {
  readonly found: string[] = [];

  watch(page: Page): void {
    page.on('pageerror', (error) => this.found.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      // The browser says so of every refusal, also of those that a test provokes; tests look at the status themselves.
      if (/the server responded with a status of 4\d\d/.test(message.text())) return;
      // A server that is killed or restarted on purpose cuts off the streams that pages follow.
      if (/net::ERR_(CONNECTION_|INCOMPLETE_CHUNKED|EMPTY_RESPONSE|NETWORK_CHANGED)/.test(message.text())) return;
      this.found.push(`${page.url()}: ${message.text()}`);
    });
  }
}

/** Browsers of several people before one server. */
export class Visitors {
  private readonly contexts: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly pageErrors: PageErrors,
    private readonly options: BrowserContextOptions,
  ) {}

  /** Somebody who is not signed in. */
  async visitor(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ baseURL: this.server.url, ...this.options, ...options });
    this.contexts.push(context);
    const page = await context.newPage();
    this.pageErrors.watch(page);
    return page;
  }

  /** The person, signed in, on the start page. */
  async person(person: Person, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.visitor(options);
    await signIn(page, person.email, password);
    return page;
  }

  async closeAll(): Promise<void> {
    for (const context of this.contexts.splice(0)) await context.close();
  }
}

interface Fixtures {
  serverOptions: Options;
  server: Server;
  pageErrors: PageErrors;
  visitors: Visitors;
}

export const test = base.extend<Fixtures>({
  serverOptions: [{}, { option: true }],

  server: async ({ serverOptions }, use, info) => {
    const server = await Server.start(serverOptions);
    await use(server);
    await server.stop();
    if (info.status !== info.expectedStatus) await info.attach('server.log', { body: server.log, contentType: 'text/plain' });
    await server.remove();
  },

  pageErrors: async ({}, use) => {
    const pageErrors = new PageErrors();
    await use(pageErrors);
    expect(pageErrors.found, 'the console stays clean').toEqual([]);
  },

  visitors: async ({ browser, server, pageErrors, contextOptions, javaScriptEnabled, viewport, colorScheme, locale, timezoneId }, use) => {
    const options = { ...contextOptions, javaScriptEnabled, viewport, colorScheme, locale, timezoneId };
    const visitors = new Visitors(browser, server, pageErrors, options);
    await use(visitors);
    await visitors.closeAll();
  },
});
