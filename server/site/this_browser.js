// The page of this browser as a device: registration, certificate, activation, each with a code; then what waits for an approval.

import { Device } from './device.js';

const place = document.querySelector('[data-device]');
const by = (id) => document.getElementById(id);
const [ask, answer, forget, status] = ['device-ask', 'device-answer', 'device-forget', 'device-status'].map(by);
const STEPS = {
  register: ['This browser is no device yet', 'First it is registered, with a key made here. A code shows that it is you.'],
  certificate: ['This browser is a device without a certificate', 'A second key was made, for signing. Another code, and the service certifies it.'],
  activate: ['The certificate is not active yet', 'One more code, which the registered key confirms, and it may sign.'],
  ready: ['This browser can sign', 'Open an agreement and choose “Sign it in this browser”.'],
};

const device = await Device.of(place.dataset.user);
let busy = false;

function show(asked = false) {
  const [state, words] = STEPS[device.step];
  by('device-state').textContent = state;
  by('device-words').textContent = words;
  ask.hidden = device.step === 'ready' || asked;
  answer.hidden = device.step === 'ready' || !asked;
  forget.hidden = device.step === 'register';
  by('approvals').hidden = device.step === 'register';
  by('device-code').value = '';
}

function say(text, className) {
  const told = document.createElement('p');
  told.textContent = text;
  if (className) told.className = className;
  status.replaceChildren(told);
}

function on(form, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    status.replaceChildren();
    try {
      await work();
    } catch (error) {
      say(error.message || 'It did not work. Try again.', 'notice failed');
    } finally {
      busy = false;
    }
  });
}

on(ask, async () => {
  await device.ask();
  show(true);
  say('A code was sent.');
  by('device-code').focus();
});
on(answer, async () => {
  say('Working … Where a registration officer approves, this waits for it.');
  await device.answer(by('device-code').value.trim(), place.dataset.name);
  status.replaceChildren();
  show();
  by('device-state').focus();
});
on(forget, async () => {
  await device.forget();
  show();
  by('device-state').focus();
});

// A request that waits for a registration officer was made before the page was left.
if (device.waits) {
  busy = true;
  say('A registration officer looks at the request.');
  device.goOn().then(() => status.replaceChildren(), (error) => say(error.message, 'notice failed')).finally(() => { busy = false; show(); });
}

// What waits for a yes: asked for while the page is looked at.
const list = by('approvals-list');

function row(pending) {
  const item = document.createElement('li');
  item.className = 'card';
  item.dataset.id = pending.authorizationID;
  const names = document.createElement('p');
  const hashes = pending.hash.length;
  names.textContent = pending.documentNames.length ? pending.documentNames.join(', ') : `${hashes} document${hashes === 1 ? '' : 's'} without a name`;
  item.append(names);
  if (pending.description) {
    const words = document.createElement('p');
    words.textContent = pending.description;
    item.append(words);
  }
  for (const [decision, label, className] of [['approve', 'Approve', ''], ['decline', 'Decline', 'quiet']]) {
    const button = document.createElement('button');
    button.textContent = label;
    button.className = className;
    button.addEventListener('click', async () => {
      try {
        await device.decide(pending, decision);
        item.remove();
        say(decision === 'approve' ? 'Approved.' : 'Declined.');
      } catch (error) {
        say(error.message, 'notice failed');
      }
      await look();
    });
    item.append(button, ' ');
  }
  return item;
}

async function look() {
  if (document.hidden || device.step === 'register') return;
  try {
    const waiting = await device.approvals();
    const known = new Set(waiting.map((pending) => pending.authorizationID));
    for (const item of [...list.children]) if (!known.has(item.dataset.id)) item.remove();
    const shown = new Set([...list.children].map((item) => item.dataset.id));
    list.append(...waiting.filter((pending) => !shown.has(pending.authorizationID)).map(row));
    by('approvals-none').hidden = waiting.length > 0;
  } catch {
    // The next look may go better.
  }
}

show();
setInterval(look, 2000);
await look();
