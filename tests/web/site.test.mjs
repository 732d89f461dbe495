// The site of the demo in a real browser: by clicks, by keyboard alone, on a phone's width, in light and dark, and with a hostile file.

import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { call, document as agreement, judged, open, password, scratch, service, signIn, start, user } from './browser.mjs';

/** What hangs must not hang the run. */
const within = { timeout: 60_000 };

let browser;
before(async () => { browser = await start(); });
after(async () => { await browser?.close(); });

/** A copy of the loan agreement under a name that would be markup. */
function hostile() {
  const path = join(scratch, '<img src=x onerror=document.title=1>"\'&.pdf');
  copyFileSync(agreement, path);
  return path;
}

async function upload(page, path, button) {
  await page.getByLabel(/PDF/).setInputFiles(path);
  await page.getByRole('button', { name: button }).click();
}

test('a wrong password is told, and what was typed is not shown again', within, async () => {
  const page = await open(browser);
  await page.goto(service);
  assert.ok(page.url().endsWith('/site/sign-in'));
  await page.getByLabel('Name').fill('<b>nobody</b>');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('The name or the password is wrong.').waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), '<b>nobody</b>');
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  await judged(page, 'sign-in-refused');
  await page.context().close();
});

test('by keyboard alone: sign in, upload, read the audit trail, sign out', within, async () => {
  const page = await open(browser);
  page.on('filechooser', (chooser) => chooser.setFiles(agreement));
  await page.goto(service);
  // The first stop leads past the navigation.
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'username');
  await page.keyboard.type(user);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/site/agreements');
  await reach(page, '#file');
  await page.keyboard.press('Enter');
  await page.locator('#file').and(page.locator(':valid')).waitFor();
  await reach(page, 'form[data-upload] button');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/site/agreements/doc-*');
  await page.getByText('The chain is whole').waitFor();
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'loan-agreement.pdf');
  await reach(page, 'header form button');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/site/sign-in');
  await page.goBack();
  await page.reload();
  assert.ok(page.url().endsWith('/site/sign-in'), 'nothing is left to go back to');
  await page.context().close();
});

/** Tabs until that element has the focus, and it can be seen that it has. */
async function reach(page, selector) {
  for (let stops = 0; stops < 40; stops += 1) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) {
      assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none', selector);
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`${selector} cannot be reached by keyboard`);
}

test('a hostile file name stays text everywhere', within, async () => {
  const page = await open(browser);
  await signIn(page);
  await upload(page, hostile(), 'Upload');
  await page.waitForURL('**/site/agreements/doc-*');
  assert.match(await page.getByRole('heading', { level: 1 }).textContent(), /^<img src=x onerror=/);
  await page.getByRole('link', { name: 'Agreements' }).click();
  await page.getByRole('link', { name: '<img src=x' }).waitFor();
  assert.equal(await page.locator('main img').count(), 0);
  assert.match(await page.title(), /^My agreements/);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '<img src=x' }).click().then(() => page.getByRole('link', { name: 'Download the PDF' }).click()),
  ]);
  assert.equal(await download.failure(), null);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('what the preflight finds is told, and what is no PDF is named so', within, async () => {
  const page = await open(browser);
  await signIn(page);
  const path = join(scratch, 'nonsense.pdf');
  writeFileSync(path, 'no pdf at all');
  await upload(page, path, 'Upload');
  await page.getByRole('status').getByText('The body is not a PDF.').waitFor();
  await judged(page, 'upload-refused');
  await page.context().close();
});

test('a report is shown in a frame without rights', within, async () => {
  const page = await open(browser);
  await signIn(page);
  await page.getByRole('link', { name: 'Verify' }).click();
  await upload(page, hostile(), 'Verify');
  const frame = page.frameLocator('#report-frame');
  await frame.getByText('<img src=x').first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'report-heading');
  assert.equal(await page.locator('#report-frame').getAttribute('sandbox'), '');
  // The style of the report counts: its own policy names it by its hash.
  const shape = await frame.locator('.verdict').evaluate((verdict) => getComputedStyle(verdict).display);
  assert.equal(shape, 'flex');
  assert.equal(await page.locator('#report-frame').evaluate((frame) => frame.contentDocument), null, 'an origin of its own');
  await judged(page, 'verify-report');
  const [alone] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: 'Open the report by itself' }).click()]);
  await alone.getByRole('heading', { level: 1, name: 'No signature' }).waitFor();
  await page.context().close();
});

test('states and messages come by themselves', within, async () => {
  const [page, other] = [await open(browser), await open(browser)];
  await signIn(page);
  await signIn(other);
  await other.getByRole('link', { name: 'Outbox' }).click();
  await upload(page, agreement, 'Upload');
  await page.waitForURL('**/site/agreements/doc-*');
  await page.getByRole('link', { name: 'Agreements' }).click();
  const form = new URLSearchParams({ grant_type: 'password', username: user, password, scope: 'password' });
  const login = await call('POST', '/rssp/auth/login', { 'Content-Type': 'application/x-www-form-urlencoded' }, form.toString());
  const authorization = { Authorization: `Bearer ${JSON.parse(login.text).access_token}` };
  const before = await other.locator('tbody tr').count();
  assert.equal((await call('POST', '/rssp/devices/activation-code', authorization)).status, 204);
  await other.locator('tbody tr').nth(before).waitFor();
  assert.match(await other.locator('tbody tr').first().locator('td').last().textContent(), /^\d{6}$/);
  await other.getByRole('status').getByText('There is a new message.').waitFor();
  const third = await open(browser);
  await signIn(third);
  await upload(third, agreement, 'Upload');
  await page.getByRole('status').getByText('There is a new agreement.').waitFor();
  for (const each of [page, other, third]) {
    assert.deepEqual(each.complaints, []);
    await each.context().close();
  }
});

for (const colorScheme of ['light', 'dark']) {
  for (const [device, viewport] of [['desk', { width: 1280, height: 800 }], ['phone', { width: 390, height: 844 }]]) {
    test(`every page is accessible and fits: ${device}, ${colorScheme}`, within, async () => {
      const page = await open(browser, { colorScheme, viewport });
      await page.goto(service);
      await judged(page, `sign-in-${device}-${colorScheme}`);
      await signIn(page);
      await upload(page, agreement, 'Upload');
      await page.waitForURL('**/site/agreements/doc-*');
      const place = new URL(page.url()).pathname;
      await judged(page, `agreement-${device}-${colorScheme}`);
      await page.getByRole('link', { name: 'Sign it in this browser' }).click();
      await page.locator('canvas[data-page="1"]').waitFor();
      await page.getByText('This browser cannot sign yet.').waitFor();
      await judged(page, `sign-${device}-${colorScheme}`);
      for (const [name, heading] of [['Agreements', 'My agreements'], ['This browser', 'This browser as a device'], ['Verify', 'Verify a PDF'], ['Trust', 'Trust services'], ['Outbox', 'Outbox of the demo']]) {
        await page.getByRole('link', { name, exact: true }).click();
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
        await judged(page, `${name.toLowerCase()}-${device}-${colorScheme}`);
      }
      assert.equal(await page.getByText('does not answer').count(), 0);
      await page.goto(`${service}/site/agreements/doc-0`);
      await judged(page, `nothing-there-${device}-${colorScheme}`);
      // Where no script may run, the judge cannot either: for it alone the report's policy is off.
      const report = await open(browser, { colorScheme, viewport, bypassCSP: true, storageState: await page.context().storageState() });
      await report.goto(`${service}${place}/report`);
      await judged(report, `report-${device}-${colorScheme}`);
      await report.context().close();
      await page.context().close();
    });
  }
}
