// Tools of the end-to-end runs: browser, accessibility check, pictures.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export * from '../support/programs.mjs';

const axe_source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Debian's Chromium, or the one that CHROMIUM names; trusts the self-signed certificate of a test server. */
export async function open_browser({ headed = false } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: !headed,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

/** A person at a screen. `problems` gathers what the browser complains about. */
export async function open_person(browser, base_url, { language = 'en', theme = 'light', phone = false, storage } = {}) {
  const context = await browser.newContext({
    baseURL: base_url,
    ignoreHTTPSErrors: true,
    acceptDownloads: true,
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    isMobile: phone,
    hasTouch: phone,
    locale: language === 'zh-CN' ? 'zh-CN' : 'en-US',
    storageState: storage,
  });
  await context.addInitScript(
    ([chosen, look]) => {
      localStorage.setItem('entrepot.language', JSON.stringify(chosen));
      localStorage.setItem('entrepot.theme', JSON.stringify(look));
    },
    [language, theme],
  );
  const page = await context.newPage();
  // Generous: a busy machine of two cores builds and tests at once.
  page.setDefaultTimeout(60_000);
  page.setDefaultNavigationTimeout(60_000);
  const problems = [];
  page.on('pageerror', (error) => problems.push(`${page.url()}: ${error}`));
  page.on('console', (message) => {
    // A refused request is logged by the browser as an error; the scenario itself judges refusals.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
      problems.push(`${page.url()}: ${message.text()}`);
    }
  });
  return { context, page, problems };
}

/** Serious and critical faults of the page as it is now, in words. */
export async function axe_faults(page) {
  // Colours in the middle of a fade are nobody's choice.
  await page.waitForFunction(() => document.getAnimations().every((each) => each.playState !== 'running' || each.effect?.getTiming().iterations === Infinity));
  await page.evaluate(axe_source);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations
    .filter((each) => each.impact === 'serious' || each.impact === 'critical')
    .map((each) => `${each.impact} ${each.id}: ${each.nodes.map((node) => node.target.join(' ')).slice(0, 4).join(' | ')}`);
}

export async function picture(page, folder, name) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
