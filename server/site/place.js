// The page on which an agreement is shown, the box of the signature is placed, and the agreement is signed with this browser's key. What is shown are the
// bytes that are signed: they are fetched once.

import { Device } from './device.js';
import { same } from './der.js';
import * as worker from './pdfjs/pdf.worker.min.mjs';
import { getDocument } from './pdfjs/pdf.min.mjs';

// The policy of the site allows no worker made of a text: PDF.js finds its other half here and works in the page.
globalThis.pdfjsWorker = worker;

const by = (id) => document.getElementById(id);
const [form, sheet, box, status] = ['place', 'sheet', 'box', 'place-status'].map(by);
const [page, left, bottom, width, height] = ['page', 'left', 'bottom', 'width', 'height'].map(by);
const SMALLEST = 20;

function say(text, className) {
  const told = document.createElement('p');
  told.textContent = text;
  if (className) told.className = className;
  status.replaceChildren(told);
}

/** Size of the page that is shown, in points, and how many pixels of the screen a point is. */
let shown = { width: 1, height: 1, scale: 1 };
const rect = () => [left, bottom, width, height].map((input) => Number(input.value));

/** Keeps the box on the page. */
function put(x, y, wide, high) {
  const within = (value, least, most) => Math.round(Math.max(least, Math.min(most, value)));
  width.value = within(wide, SMALLEST, shown.width);
  height.value = within(high, SMALLEST, shown.height);
  left.value = within(x, 0, Math.floor(shown.width - Number(width.value)));
  bottom.value = within(y, 0, Math.floor(shown.height - Number(height.value)));
  const [l, b, w, h] = rect();
  const style = { left: l, top: shown.height - b - h, width: w, height: h };
  for (const [name, points] of Object.entries(style)) box.style[name] = `${points * shown.scale}px`;
}

for (const input of [left, bottom, width, height]) input.addEventListener('change', () => put(...rect()));

box.addEventListener('keydown', (event) => {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (!way) return;
  event.preventDefault();
  const [x, y, wide, high] = rect();
  const step = 6;
  if (event.shiftKey) put(x, y, wide + step * way[0], high + step * way[1]);
  else put(x + step * way[0], y + step * way[1], wide, high);
});

// A pointer on the box moves it, elsewhere on the page it draws another.
by('paper').addEventListener('pointerdown', (event) => {
  if (event.button !== 0) return;
  event.preventDefault();
  const frame = sheet.getBoundingClientRect();
  const point = (at) => [(at.clientX - frame.left) / shown.scale, shown.height - (at.clientY - frame.top) / shown.scale];
  const [fromX, fromY] = point(event);
  const [x, y, wide, high] = rect();
  const moves = event.target === box;
  const drag = (at) => {
    const [toX, toY] = point(at);
    if (moves) put(x + toX - fromX, y + toY - fromY, wide, high);
    else if (Math.hypot(toX - fromX, toY - fromY) > 4) put(Math.min(fromX, toX), Math.min(fromY, toY), Math.abs(toX - fromX), Math.abs(toY - fromY));
  };
  const end = () => {
    removeEventListener('pointermove', drag);
    removeEventListener('pointerup', end);
    removeEventListener('pointercancel', end);
  };
  addEventListener('pointermove', drag);
  addEventListener('pointerup', end);
  addEventListener('pointercancel', end);
});

/** The bytes of the agreement, if they are those that the page before told of. */
async function bytes() {
  const answer = await fetch(`/site/agreements/${encodeURIComponent(form.dataset.id)}/pdf`);
  if (!answer.ok) throw new Error('The document could not be fetched.');
  const whole = new Uint8Array(await answer.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
  const told = Uint8Array.from(form.dataset.sha256.match(/../g), (hex) => parseInt(hex, 16));
  if (!same(digest, told)) throw new Error('The document is not the one that the page told of. Load it again.');
  return whole;
}

async function draw(document, number) {
  const one = await document.getPage(number);
  const plain = one.getViewport({ scale: 1 });
    const scale = Math.min(by('desk').clientWidth / plain.width, 1.5);
  const viewport = one.getViewport({ scale: scale * devicePixelRatio });
  sheet.width = Math.floor(viewport.width);
  sheet.height = Math.floor(viewport.height);
  sheet.style.width = `${plain.width * scale}px`;
  sheet.style.height = `${plain.height * scale}px`;
  await one.render({ canvas: sheet, viewport }).promise;
  shown = { width: plain.width, height: plain.height, scale };
  put(...rect());
  sheet.dataset.page = number;
}

const device = await Device.of(form.dataset.user);
by('no-device').hidden = device.step === 'ready';
let shownDocument;
let drawing = Promise.resolve();

function redraw() {
  const number = Math.max(1, Math.min(Number(page.max), Math.round(Number(page.value)) || 1));
  page.value = number;
  drawing = drawing.then(() => draw(shownDocument, number)).catch(() => say('This page could not be shown.', 'notice failed'));
  return drawing;
}

try {
  const whole = await bytes();
  shownDocument = await getDocument({ data: whole.slice(), useWorkerFetch: false, enableXfa: false }).promise;
  await redraw();
  status.replaceChildren();
  page.addEventListener('change', redraw);
  addEventListener('resize', redraw);
  let busy = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy || device.step !== 'ready') return;
    busy = true;
    say('Signing …');
    try {
      const reason = by('reason').value.trim();
      const asked = { page: Number(page.value), rect: rect(), level: 'B-LT', ...(reason && { reason }) };
      const { level } = await device.sign(form.dataset.id, whole, asked);
      say(`Signed, at level ${level}.`);
      location.assign(`/site/agreements/${encodeURIComponent(form.dataset.id)}`);
    } catch (error) {
      say(error.message || 'It was not signed. Try again.', 'notice failed');
      busy = false;
    }
  });
} catch (error) {
  say(error.name === 'PasswordException' ? 'The document needs a password: sign it with an app.' : error.message, 'notice failed');
}
