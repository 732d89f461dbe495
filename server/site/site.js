// The site of the demo: sends files as they are, and keeps states up to date. Everything that comes from the server or from a file enters the page as
// text; the policy of the page forbids any other way.

const csrf = document.querySelector('meta[name="csrf"]').content;

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Uploads: the file is the body, its name a header. The same key again for the same file, so that a second click stores nothing twice.
for (const form of document.querySelectorAll('form[data-upload]')) {
  const [input, button, status] = ['input', 'button', '.status'].map((part) => form.querySelector(part));
  let key = crypto.randomUUID();
  let busy = false;
  input.addEventListener('change', () => { key = crypto.randomUUID(); status.replaceChildren(); });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const file = input.files[0];
    if (!file || busy) return;
    busy = true;
    button.setAttribute('aria-disabled', 'true');
    status.replaceChildren(element('p', `Sending ${file.name} …`));
    try {
      const answer = await fetch(form.dataset.upload, {
        method: 'POST',
        headers: { 'Content-Type': 'application/pdf', 'X-File-Name': encodeURIComponent(file.name), 'Idempotency-Key': key, 'X-CSRF-Token': csrf },
        body: file,
      });
      await told(answer, status);
    } catch {
      status.replaceChildren(element('p', 'The server could not be reached, or the file could not be read. Nothing was stored.', 'notice failed'));
    } finally {
      busy = false;
      button.removeAttribute('aria-disabled');
    }
  });
}

async function told(answer, status) {
  const said = await answer.json().catch(() => ({}));
  if (answer.status === 401) {
    location.assign('/site/sign-in');
  } else if (answer.ok && said.location) {
    status.replaceChildren(element('p', 'Stored.'));
    location.assign(said.location);
  } else if (answer.ok && said.report) {
    status.replaceChildren(element('p', 'The report is ready.'));
    document.getElementById('report-frame').src = said.report;
    document.getElementById('report-link').href = said.report;
    document.getElementById('report').hidden = false;
    document.getElementById('report-heading').focus();
  } else {
    const list = document.createElement('ul');
    for (const finding of said.findings ?? []) list.append(element('li', finding));
    const notice = element('div', said.title ?? 'The server refused this.', 'notice failed');
    if (list.children.length) notice.append(list);
    status.replaceChildren(notice);
  }
}

// Live states: one stream while the page is looked at. A browser keeps few connections to a server, and a hidden page needs none.
const live = document.querySelector('[data-live]');
const news = document.getElementById('news');

function say(text) {
  if (news && news.textContent !== text) news.textContent = text;
}

function show(place, told) {
  const state = place.querySelector('.state');
  if (state.textContent === told.words && place.querySelector('time').textContent === told.changed) return;
  state.textContent = told.words;
  state.className = `state ${told.state}`;
  place.querySelector('[data-signatures]').textContent = told.signatures;
  place.querySelector('time').textContent = told.changed;
  say(`An agreement is now: ${told.words}.`);
}

const listeners = {
  agreements(rows) {
    for (const told of rows) {
      const row = live.querySelector(`tr[data-id="${CSS.escape(told.id)}"]`);
      if (row) show(row, told); else say('There is a new agreement. Load the page again to see it.');
    }
  },
  agreement(rows) {
    const told = rows.find((row) => row.id === live.dataset.id);
    const before = live.querySelector('time').textContent;
    if (told) show(live, told);
    if (told && told.changed !== before) say('The agreement has changed. Load the page again to see its audit trail.');
  },
  outbox(rows) {
    const body = live.querySelector('tbody');
    if (rows.length && body.firstElementChild?.lastElementChild.textContent !== rows[0].at(-1)) say('There is a new message.');
    body.replaceChildren(...rows.map((cells) => {
      const row = document.createElement('tr');
      row.append(...cells.map((text, at) => {
        const cell = element('td', text);
        cell.dataset.label = live.querySelectorAll('thead th')[at].textContent;
        return cell;
      }));
      row.lastElementChild.className = 'code';
      return row;
    }));
  },
};

if (live) {
  const kind = live.dataset.live;
  let stream;
  const follow = () => {
    stream?.close();
    stream = undefined;
    if (document.hidden) return;
    stream = new EventSource('/site/events');
    stream.addEventListener(kind === 'agreement' ? 'agreements' : kind, (event) => listeners[kind](JSON.parse(event.data)));
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
