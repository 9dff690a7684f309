// A quote saves itself while it is written. What cannot be saved yet stays on this device and is offered again.
import { field, form, key, showPicture, table, unfold } from './rows.js';

const PAUSE = 700, LONGEST = 1500, AGAIN = 5000; // milliseconds: after the last key, after the first one, after a failure
const words = form.dataset;
const state = form.querySelector('[data-state]');
const seenAt = form.querySelector('[name=seen_at]');
const conflict = form.querySelector('[data-conflict]');
const offer = form.querySelector('[data-draft]');
const store = `handschlag-${words.document}-${words.key}`;
const isSaving = Boolean(words.save); // invoices are saved by their button
const good = new Map(); // what each field said when it was last stored
let timer, first = 0, running = null, again = false, dirty = false, trouble = false, leaving = false;

const say = (text) => { if (state.textContent !== text) state.textContent = text; state.classList.remove('busy'); };
const fields = (data) => [...data].filter(([name, value]) => typeof value === 'string' && !['csrfmiddlewaretoken', 'seen_at', 'katalog'].includes(name) && !name.startsWith('baustein'));
const remember = (data) => { good.clear(); for (const [name, value] of fields(data)) good.set(name, value); };

// --- the copy on this device; `sent` is set when leaving has sent it off
function keep(sent = false) {
  try { localStorage.setItem(store, JSON.stringify({ at: Date.now(), seen: seenAt.value, sent, data: fields(new FormData(form)) })); } catch { /* full or forbidden */ }
}
const forget = () => { try { localStorage.removeItem(store); } catch { /* forbidden */ } };
function kept() {
  try { return JSON.parse(localStorage.getItem(store)); } catch { return null; }
}

function offerDraft() {
  const draft = kept();
  if (!draft || (draft.sent && draft.seen !== seenAt.value && 'mine' in words)) return forget();
  offer.querySelector('[data-words]').textContent = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: 'short', timeStyle: 'short' });
  offer.hidden = false;
  offer.querySelector('[data-forget]').addEventListener('click', () => { forget(); offer.hidden = true; });
  offer.querySelector('[data-restore]').addEventListener('click', () => {
    // the server makes the rows of it, as for a browser without script; then it is saved like anything typed
    const sheet = Object.assign(document.createElement('form'), { method: 'post', hidden: true });
    const data = [...draft.data, ['seen_at', draft.seen], ['csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value], ['step', 'restore']];
    for (const [name, value] of data) sheet.append(Object.assign(document.createElement('textarea'), { name, value }));
    document.body.append(sheet);
    leaving = true;
    sheet.submit();
  });
}

// --- saving
function body() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File && !value.size) data.delete(name);
  return data;
}

// what is wrong keeps what was stored: a field of the head, or a whole row; a row that was never stored waits
function withoutMistakes(data, names) {
  for (const name of names) {
    const [row, rest] = name.split('-');
    if (!rest) { data.set(name, good.get(name) ?? ''); continue; }
    for (const each of [...data.keys()]) if (each.startsWith(`${row}-`)) data.delete(each);
    const stored = [...good].filter(([each]) => each.startsWith(`${row}-`));
    for (const [each, value] of stored) data.set(each, value);
    if (stored.length) continue;
    const rows = data.getAll('rows').filter((each) => each !== row);
    data.delete('rows');
    rows.forEach((each) => data.append('rows', each));
  }
  return data;
}

async function post(data, options = {}) {
  const answer = await fetch(words.save, { method: 'POST', body: data, redirect: 'manual', ...options });
  if (!answer.headers.get('content-type')?.includes('json')) throw Object.assign(new Error(), { words: words.refused });
  return { status: answer.status, ...await answer.json() };
}

async function save() {
  clearTimeout(timer);
  if (running) { again = true; return running; }
  running = once();
  await running;
  running = null;
  first = 0;
  if (again) { again = false; return save(); }
}

async function once() {
  const data = body();
  try {
    const found = await post(data);
    takePictures(found.pictures);
    if (found.status === 409 && found.conflict) return clash(found);
    showErrors(found.errors ?? {});
    trouble = found.status !== 200 || Boolean(found.errors);
    if (found.errors) {
      say(found.state);
      const names = Object.keys(found.errors);
      if (!names.length) return;
      const rest = withoutMistakes(body(), names);
      const stored = await post(rest);
      if (stored.status === 200 && !stored.errors) { seenAt.value = stored.seen_at; remember(rest); keep(); }
      return;
    }
    if (trouble) return say(found.state ?? words.refused);
    seenAt.value = found.seen_at;
    remember(data);
    showProblems(found.problems);
    if (JSON.stringify(fields(data)) === JSON.stringify(fields(new FormData(form)))) { dirty = false; forget(); say(found.state); }
  } catch (problem) {
    trouble = true;
    say(problem.words ?? words.offline);
    timer = setTimeout(save, AGAIN);
  }
}

function clash(found) {
  conflict.querySelector('[data-words]').textContent = found.conflict;
  conflict.dataset.seen = found.seen_at;
  trouble = true;
  if (conflict.hidden) { conflict.hidden = false; conflict.focus(); }
  say(words.unsaved);
}
form.querySelector('[data-keep]')?.addEventListener('click', (event) => {
  event.preventDefault();
  if (conflict.dataset.seen) seenAt.value = conflict.dataset.seen;
  conflict.hidden = true;
  save();
});
form.querySelector('[data-drop]')?.addEventListener('click', () => { forget(); leaving = true; });

function takePictures(pictures = {}) {
  for (const row of table.querySelectorAll('[data-row]')) {
    const picture = pictures[key(row)], file = field(row, 'picture_file');
    if (!picture || !file?.value) continue;
    field(row, 'picture').value = picture.pk;
    file.value = '';
    Object.assign(row.dataset, { picture: picture.name, pictureUrl: picture.url });
    showPicture(row);
  }
}

function showProblems(problems) {
  const note = form.querySelector('[data-problems]');
  note.hidden = !problems.length;
  note.querySelector('ul').replaceChildren(...problems.map((textContent) => Object.assign(document.createElement('li'), { textContent })));
}

// a mistake is said below its row or field; what is merely not typed yet, only once the row is left
function showErrors(errors) {
  form.querySelectorAll('[data-said]').forEach((each) => each.remove());
  form.querySelectorAll('[aria-invalid]').forEach((each) => { each.removeAttribute('aria-invalid'); each.removeAttribute('aria-describedby'); });
  for (const [name, textContent] of Object.entries(errors)) {
    const row = document.getElementById(`zeile-${name.split('-')[0]}`);
    let input = form.elements[name];
    if (row && (!input || input.type === 'hidden')) {
      unfold(row);
      row.querySelector('details').open = true;
      input = form.elements[name];
    }
    if (!input || (!input.value && (row ?? input).contains(document.activeElement))) continue;
    const said = Object.assign(document.createElement('p'), { className: 'err', id: `${name}-sagt`, textContent });
    said.dataset.said = '';
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', said.id);
    if (row) row.querySelector('.x > td').prepend(said); else input.before(said);
  }
}

// --- when
form.addEventListener('touched', () => {
  dirty = true;
  if (!isSaving) return say(words.unsaved);
  keep();
  if (!conflict.hidden) return;
  state.classList.add('busy');
  first ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(PAUSE, first + LONGEST - Date.now())));
});

form.addEventListener('submit', async (event) => {
  clearTimeout(timer);
  again = false;
  if (running) { // the two would take each other for somebody else
    event.preventDefault();
    await running;
    return form.requestSubmit(event.submitter);
  }
  if (event.submitter?.formTarget === '_blank') return;
  leaving = true;
  if (isSaving && dirty) keep(true);
});

window.addEventListener('online', () => { if (dirty && isSaving) save(); });
window.addEventListener('pagehide', () => {
  if (!dirty || !isSaving || leaving || running || !conflict.hidden) return;
  keep(true);
  fetch(words.save, { method: 'POST', body: body(), keepalive: true }).catch(() => {});
});
window.addEventListener('beforeunload', (event) => {
  if (dirty && !leaving && (trouble || !isSaving)) event.preventDefault();
});

if (isSaving && !('dirty' in words)) {
  remember(new FormData(form));
  offerDraft();
}
