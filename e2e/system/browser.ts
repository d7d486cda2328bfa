import { AxeBuilder } from '@axe-core/playwright';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium as driver, type Page } from 'playwright-core';
import { word } from './words.ts';

/**
 * A headless Chromium that comes from the npm registry, so that no machine needs one installed. Its camera shows a test
 * picture, and pages may use it.
 */
export async function openBrowser(): Promise<Browser> {
  return driver.launch({
    executablePath: await chromium.executablePath(),
    // Not the package's own arguments, which are for small cloud functions: one process, no web security.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
}

const OWNER = { name: '김말로', email: 'kim@example.com', password: '바른 말 고운 말' };

/** Makes the owner's account, as the first visit does, and leaves the page at the chat. */
export async function signUp(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/register`);
  await page.getByLabel(word('auth.name')).fill(OWNER.name);
  await page.getByLabel(word('auth.email')).fill(OWNER.email);
  await page.getByLabel(word('auth.password')).fill(OWNER.password);
  await page.getByRole('button', { name: word('auth.register.action') }).click();
  await page.getByRole('textbox', { name: word('chat.prompt.label') }).waitFor();
}

/** Signs the owner in on a page of another browser. */
export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel(word('auth.email')).fill(OWNER.email);
  await page.getByLabel(word('auth.password')).fill(OWNER.password);
  await page.getByRole('button', { name: word('auth.login.action') }).click();
  await page.waitForURL(({ pathname }) => pathname !== '/login');
}

/** What axe finds wrong with a page, one line each. */
export async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

/** A page of a browser of its own, in Korean and of a laptop's size unless said otherwise, with time for a busy machine. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return page;
}
