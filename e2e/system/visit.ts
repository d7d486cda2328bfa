import type { Client } from '@mallo/client';
import { identityRoutes } from '@mallo/contracts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, openPage, signIn, signUp } from './browser.ts';
import { RunningMallo } from './mallo.ts';

/** A Mallo of its own, and somebody at a page of it. */
export class Visit {
  readonly mallo: RunningMallo;
  readonly page: Page;
  /** What the page's own code failed with. */
  readonly failures: string[] = [];
  private readonly browser: Browser;

  private constructor(mallo: RunningMallo, browser: Browser, page: Page) {
    this.mallo = mallo;
    this.browser = browser;
    this.page = page;
    page.on('pageerror', (error) => this.failures.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      // The browser's own words for requests that a test refused, or cut the connection of.
      if (/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(text)) return;
      if (message.type() === 'error') this.failures.push(text);
    });
  }

  /** Starts Mallo, with these settings, and a browser whose page is still empty. */
  static async begin(options: BrowserContextOptions = {}, settings: NodeJS.ProcessEnv = {}): Promise<Visit> {
    const mallo = await RunningMallo.start(settings);
    const browser = await openBrowser();
    // Colours that are on their way to other colours have no contrast to speak of.
    return new Visit(mallo, browser, await openPage(browser, { reducedMotion: 'reduce', ...options }));
  }

  /** Makes the owner's account on the page. @returns a client of the owner's */
  async signUp(): Promise<Client> {
    await signUp(this.page, this.mallo.url);
    return this.mallo.client();
  }

  /** The owner at another browser, signed in anew. */
  async otherBrowser(): Promise<Page> {
    const page = await openPage(this.browser);
    await signIn(page, this.mallo.url);
    return page;
  }

  /** Goes on as the owner does on a phone, in the dark and in English. */
  async onAPhone(client: Client): Promise<void> {
    await client.call(identityRoutes.updateMe, { body: { locale: 'en' } });
    await this.page.context().addCookies([{ name: 'mallo_locale', value: 'en', url: this.mallo.url }]);
    await this.page.setViewportSize({ width: 390, height: 844 });
    await this.page.emulateMedia({ colorScheme: 'dark' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.mallo[Symbol.asyncDispose]();
  }
}
