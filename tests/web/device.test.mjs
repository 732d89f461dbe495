// This browser as a device, in a real browser: registration, certificate and activation with the codes of the outbox, a box drawn on the page that is shown,
// a signature by a key that no script can read, its verdict, and a yes to a signature elsewhere.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { call, document as agreement, judged, open, password, service, signIn, start, user } from './browser.mjs';

const within = { timeout: 120_000 };

let browser;
before(async () => { browser = await start(); });
after(async () => { await browser?.close(); });

/** The newest code in the outbox, read in a tab of its own as a person would. */
async function code(page) {
  const outbox = await page.context().newPage();
  await outbox.goto(`${service}/site/outbox`);
  const text = await outbox.locator('tbody tr').first().locator('td').last().textContent();
  await outbox.close();
  assert.match(text, /^\d{6}$/);
  return text;
}

/** Makes this browser a device that may sign, by keyboard. */
async function enrol(page) {
  await page.getByRole('link', { name: 'This browser', exact: true }).click();
  for (const state of ['This browser is no device yet', 'This browser is a device without a certificate', 'The certificate is not active yet']) {
    await page.getByRole('heading', { name: state }).waitFor();
    await page.getByRole('button', { name: 'Send me a code' }).press('Enter');
    await page.getByText('A code was sent.').waitFor();
    await page.keyboard.type(await code(page));
    await page.keyboard.press('Enter');
  }
  await page.getByRole('heading', { name: 'This browser can sign' }).waitFor();
}

async function upload(page) {
  await page.getByRole('link', { name: 'Agreements' }).click();
  await page.getByLabel(/PDF/).setInputFiles(agreement);
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.waitForURL('**/site/agreements/doc-*');
}

const box = (page) => Promise.all(['Left', 'Bottom', 'Width', 'Height'].map(async (name) => Number(await page.getByLabel(name, { exact: true }).inputValue())));

test('a browser becomes a device, places a box by dragging, signs, and ends', within, async () => {
  const page = await open(browser, { viewport: { width: 1280, height: 1000 } });
  await signIn(page);
  await enrol(page);
  await judged(page, 'device-ready');
  // The keys are there, and cannot be had.
  const kinds = await page.evaluate(() => new Promise((resolve) => {
    const opening = indexedDB.open('thrivosign-device', 1);
    opening.onsuccess = () => {
      const all = opening.result.transaction('devices').objectStore('devices').getAll();
      all.onsuccess = () => resolve(all.result.flatMap((one) => [one.authentication, one.signing]).map((keys) => keys.privateKey.extractable));
    };
  }));
  assert.deepEqual(kinds, [false, false]);

  await upload(page);
  await page.getByRole('link', { name: 'Sign it in this browser' }).click();
  await page.locator('canvas[data-page="1"]').waitFor();
  const inked = await page.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, at) => at % 4 < 3 && value < 128);
  });
  assert.ok(inked, 'the page is shown');
  const frame = await page.locator('canvas').boundingBox();
  const before = await box(page);
  // Drawn anew, then moved, then by keyboard.
  await drag(page, [frame.x + 300, frame.y + 500], [frame.x + 520, frame.y + 580]);
  const drawn = await box(page);
  assert.ok(drawn[0] !== before[0] && drawn[2] > 100 && drawn[3] > 30, `${drawn}`);
  await drag(page, [frame.x + 400, frame.y + 540], [frame.x + 440, frame.y + 500]);
  const moved = await box(page);
  assert.ok(moved[0] > drawn[0] && moved[1] > drawn[1], `${moved}`);
  assert.deepEqual(moved.slice(2), drawn.slice(2));
  await page.getByRole('group', { name: 'Box of the signature' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowUp');
  const nudged = await box(page);
  assert.deepEqual(nudged, [moved[0] + 6, moved[1], moved[2], moved[3] + 6]);
  await judged(page, 'place');
  await page.getByRole('button', { name: 'Sign it' }).click();
  await page.waitForURL('**/site/agreements/doc-*');
  await page.getByText('Signed', { exact: true }).waitFor();
  const [report] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: 'Verify it' }).click()]);
  await report.getByText('Every signature is sound, its signer is trusted').waitFor();
  assert.match(await report.content(), /B-LT/);
  await report.close();

  await page.getByRole('link', { name: 'This browser', exact: true }).click();
  await page.getByRole('button', { name: 'Remove this device' }).click();
  await page.getByRole('heading', { name: 'This browser is no device yet' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'This browser is no device yet' }).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

async function drag(page, from, to) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 4 });
  await page.mouse.up();
}

/** What the browser's database has of its device. */
const record = (page) => page.evaluate(() => new Promise((resolve) => {
  const opening = indexedDB.open('thrivosign-device', 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction('devices').objectStore('devices').getAll();
    all.onsuccess = () => resolve({ uuid: all.result[0].uuid });
  };
}));

test('a yes and a no to signatures of keys that the service keeps', within, async () => {
  const page = await open(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await signIn(page);
  await enrol(page);
  const form = new URLSearchParams({ grant_type: 'password', username: user, password, scope: 'password' });
  const login = await call('POST', '/rssp/auth/login', { 'Content-Type': 'application/x-www-form-urlencoded' }, form.toString());
  const authorization = { Authorization: `Bearer ${JSON.parse(login.text).access_token}`, 'Content-Type': 'application/json' };
  const asked = async (method, path, body) => {
    const answer = await call(method, path, { ...authorization, 'Idempotency-Key': crypto.randomUUID() }, body && JSON.stringify(body));
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text);
  };
  const { uuid: deviceUUID } = await record(page);
  const { challenge } = await asked('POST', '/rssp/certificates/challenge', { deviceUUID, userAuthentication: { method: 'otp' } });
  const userAuthentication = { method: 'otp', value: await code(page) };
  const { credentialID } = await asked('POST', '/rssp/credentials', { deviceUUID, challenge, userAuthentication, SCAL: '2' });
  const hash = [createHash('sha256').update('a').digest('base64')];
  for (const [button, state] of [['Approve', 'approved'], ['Decline', 'declined']]) {
    const wanted = { credentialID, numSignatures: 1, hash, documentNames: ['<b>loan</b>.pdf'], description: 'One loan', async: true };
    const { authorizationID } = await asked('POST', '/csc/v1/credentials/authorize', wanted);
    const item = page.getByRole('listitem').filter({ hasText: '<b>loan</b>.pdf' });
    await item.waitFor();
    if (button === 'Approve') await judged(page, 'approvals');
    await item.getByRole('button', { name: button }).click();
    await page.getByText('Nothing is waiting.').waitFor();
    assert.equal((await asked('GET', `/rssp/authorizations/${authorizationID}`)).state, state);
  }
  await page.getByRole('button', { name: 'Remove this device' }).click();
  await page.getByRole('heading', { name: 'This browser is no device yet' }).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
