// What the tests share: a real Chromium, a demo server beside which they run, and the judge of accessibility.

import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';
import https from 'node:https';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `cargo xtask with-server` says. */
function told(name) {
  const value = process.env[`THRIVOSIGN_${name}`];
  assert.ok(value, `THRIVOSIGN_${name} is not set: run this beside a demo server`);
  return value;
}

export const service = told('SERVICE');
export const user = told('USER');
export const password = told('PASSWORD');
export const document = told('DOCUMENT');
export const scratch = told('SCRATCH');
const pictures = process.env.THRIVOSIGN_PICTURES;

/** Chromium of the system. As root it has no sandbox of its own. */
export async function start() {
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath: process.env.THRIVOSIGN_CHROMIUM ?? '/usr/bin/chromium', args: root ? ['--no-sandbox'] : [] });
}

/** A page whose every complaint is a failure: of the console, of a script, of the policy. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en', ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    // The status of a refused upload is told by the page, and by the console too.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) page.complaints.push(message.text());
  });
  return page;
}

/** Signs in by keyboard alone, as the first tests show that it can be done. */
export async function signIn(page, name = user) {
  await page.goto(`${service}/site`);
  await page.getByLabel('Name').focus();
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/site/agreements');
}

/** No serious finding of axe, nothing wider than the page, no complaint; and a picture for whoever wants to look. */
export async function judged(page, name) {
  // In the page itself, without a tab of its own. What is in a frame without rights is judged where it is opened by itself.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).exclude('iframe');
  const { violations } = await axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  const said = violations.map((found) => `${found.impact} ${found.id}: ${found.nodes.map((node) => node.html).join(' | ')}`);
  assert.deepEqual(said, [], `${name}: axe`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${name}: ${wide} pixels too wide`);
  assert.deepEqual(page.complaints, [], name);
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
}

/** A call of the API, as a device makes it. */
export function call(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { method, ca: readFileSync(told('TLS_ROOT')), headers: { 'X-API-Key': told('API_KEY'), ...headers } };
    const request = https.request(service + path, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => resolve({ status: answer.statusCode, text }));
    });
    request.on('error', reject).end(body);
  });
}
