// The registration officer's desk in a real browser, beside a server on which certificates wait: a browser asks for one as a device and waits, the officer
// approves by keyboard, and the device goes on; another is rejected; a lost one is revoked. In light and dark, at a desk and on a phone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { judged, open, service, signIn, start } from './browser.mjs';

const within = { timeout: 120_000 };

let browser;
before(async () => { browser = await start(); });
after(async () => { await browser?.close(); });

/** The newest code in the outbox. */
async function code(page) {
  const outbox = await page.context().newPage();
  await outbox.goto(`${service}/site/outbox`);
  const text = await outbox.locator('tbody tr').first().locator('td').last().textContent();
  await outbox.close();
  return text;
}

/** A browser that has asked for a certificate, and waits. */
async function waiting() {
  const page = await open(browser);
  await signIn(page);
  assert.equal(await page.getByRole('link', { name: 'Officer' }).count(), 0, 'who is no officer is shown no way there');
  await page.getByRole('link', { name: 'This browser', exact: true }).click();
  for (const state of ['This browser is no device yet', 'This browser is a device without a certificate']) {
    await page.getByRole('heading', { name: state }).waitFor();
    await page.getByRole('button', { name: 'Send me a code' }).press('Enter');
    await page.getByText('A code was sent.').waitFor();
    await page.keyboard.type(await code(page));
    await page.keyboard.press('Enter');
  }
  return page;
}

/** The officer at the desk, where so many requests wait. */
async function desk(count, options = {}) {
  const page = await open(browser, options);
  await signIn(page, 'officer');
  await page.getByRole('link', { name: 'Officer' }).click();
  await page.getByRole('heading', { level: 1, name: 'Registration officer' }).waitFor();
  while (await page.getByRole('button', { name: 'Approve' }).count() !== count) await page.reload();
  return page;
}

/** Tabs to what is looked for, which shows that it has the focus. */
async function reach(page, wanted) {
  for (let stops = 0; stops < 60; stops += 1) {
    if (await wanted.evaluate((one) => one === document.activeElement)) {
      assert.notEqual(await wanted.evaluate((one) => getComputedStyle(one).outlineStyle), 'none');
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail('it cannot be reached by keyboard');
}

test('a device waits until the officer has approved, by keyboard alone', within, async () => {
  const device = await waiting();
  const officer = await desk(1);
  // The page is left and looked at again: the request is the same.
  await device.reload();
  await device.getByText('A registration officer looks at the request.').waitFor();
  await reach(officer, officer.getByRole('button', { name: 'Approve' }));
  await officer.keyboard.press('Enter');
  await officer.getByText('No request waits.').waitFor();
  await device.getByRole('heading', { name: 'The certificate is not active yet' }).waitFor();
  assert.deepEqual([device.complaints, officer.complaints], [[], []]);
  await device.context().close();
  await officer.context().close();
});

test('a rejection needs a reason, which the device is told; the page fits and is accessible', within, async () => {
  const device = await waiting();
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, viewport] of [['desk', { width: 1280, height: 800 }], ['phone', { width: 390, height: 844 }]]) {
      const officer = await desk(1, { colorScheme, viewport });
      await judged(officer, `officer-${name}-${colorScheme}`);
      await officer.context().close();
    }
  }
  const officer = await desk(1);
  await officer.getByRole('button', { name: 'Reject' }).press('Enter');
  assert.equal(await officer.getByRole('button', { name: 'Reject' }).count(), 1, 'not without a reason');
  await officer.getByLabel(/Reason of a rejection/).fill('<b>Come with your passport.</b>');
  await officer.keyboard.press('Enter');
  await officer.getByText('No request waits.').waitFor();
  await device.getByText('The registration officer rejected the request.').waitFor();
  await device.getByText('<b>Come with your passport.</b>').waitFor();
  await device.context().close();
  await officer.context().close();
});

test('a lost device is revoked', within, async () => {
  const officer = await desk(0);
  const lost = officer.getByRole('button', { name: 'Revoke: lost or stolen' });
  for (let left = await lost.count(); left > 0; left -= 1) {
    await lost.first().press('Enter');
    await officer.waitForFunction((count) => document.querySelectorAll('button[value=keyCompromise]').length === count, left - 1);
  }
  await officer.getByText('Nobody has a device.').waitFor();
  await judged(officer, 'officer-nobody');
  await officer.context().close();
});
