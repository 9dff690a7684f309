// Notes on site: photos made smaller, sent in the background, never lost when there is no network. The page also works
// as a plain form; this script takes over where it runs.

const EDGE = 2560; // pixels; larger photos are scaled down before they travel
const form = document.getElementById('note');
const say = form.dataset;
const input = form.elements.files, text = form.elements.text, save = form.querySelector('[data-save]');
const state = form.querySelector('[data-state]'), stateText = form.querySelector('[data-state-text]');
const signIn = form.querySelector('[data-signin]'), list = form.querySelector('[data-shots]');
const saveLabel = save.querySelector('span'), saveWord = saveLabel.textContent;
let shots = []; // {file, row}
let ready = Promise.resolve(); // photos are scaled one after the other: memory stays small
let busy = false, failed = false;

// --- photos -------------------------------------------------------------------------------------------------------------
input.addEventListener('change', () => {
  for (const file of [...input.files]) addShot(file);
  input.value = '';
  changed();
});

function addShot(original) {
  const shot = { file: original, row: document.createElement('li') };
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.setAttribute('aria-label', say.textRemove);
  remove.innerHTML = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M18 6 6 18M6 6l12 12"/></svg>';
  remove.addEventListener('click', () => {
    shots = shots.filter((other) => other !== shot);
    shot.row.remove();
    list.hidden = !shots.length;
    changed();
  });
  shots.push(shot);
  list.append(shot.row);
  list.hidden = false;
  ready = ready.then(async () => {
    shot.file = await smaller(original);
    show(shot, remove);
  });
  shot.row.append(remove);
}

function show(shot, remove) {
  const img = new Image();
  img.alt = shot.file.name;
  img.onload = () => URL.revokeObjectURL(img.src);
  img.onerror = () => { // the browser cannot show it (HEIC); it is sent all the same
    const tile = document.createElement('span');
    tile.className = 'raw';
    tile.textContent = `${say.textFile}: ${shot.file.name}`;
    img.replaceWith(tile);
  };
  img.src = URL.createObjectURL(shot.file);
  shot.row.insertBefore(img, remove);
}

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file; // HEIC and others travel untouched
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return file;
  }
  const scale = EDGE / Math.max(bitmap.width, bitmap.height);
  try {
    if (scale >= 1) return file;
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
    canvas.width = canvas.height = 0;
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file;
  } finally {
    bitmap.close();
  }
}

// --- sending ------------------------------------------------------------------------------------------------------------
form.addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});
window.addEventListener('online', () => { if (failed) send(); });
window.addEventListener('beforeunload', (event) => { if (shots.length || failed) event.preventDefault(); });

async function send(isSecondTry = false) {
  if (busy && !isSecondTry) return;
  busy = true;
  tell(shots.length ? say.textPreparing : say.textSending, 'inf');
  await ready;
  tell(say.textSending, 'inf');
  const body = new FormData(form);
  body.delete('files');
  for (const shot of shots) body.append('files', shot.file, shot.file.name);
  let answer;
  try {
    answer = await fetch(form.action || location.pathname, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'manual' });
  } catch {
    return keep(say.textOffline);
  }
  if (answer.status === 201) return saved((await answer.json()).url);
  if (answer.type === 'opaqueredirect' || answer.status === 401) return keep(say.textSignin, true);
  if (answer.status === 403) { // signed in anew: the form's token is an old one
    if (!isSecondTry && await renewToken()) return send(true);
    return keep(say.textSignin, true);
  }
  if (answer.status >= 400 && answer.status < 500) {
    const { errors } = await answer.json().catch(() => ({ errors: [] }));
    return keep(errors.join(' ') || say.textServer);
  }
  return keep(say.textServer);
}

async function renewToken() {
  const page = await fetch(location.href, { redirect: 'manual' }).catch(() => null);
  if (!page?.ok) return false;
  const fresh = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('[name=csrfmiddlewaretoken]');
  if (!fresh) return false;
  form.elements.csrfmiddlewaretoken.value = fresh.value;
  return true;
}

function saved(url) {
  forget();
  shots = [];
  failed = false;
  location.replace(url);
}

function keep(sentence, needsSignIn = false) {
  busy = false;
  failed = true;
  tell(sentence, 'warn');
  signIn.hidden = !needsSignIn;
  saveLabel.textContent = say.textRetry;
}

function tell(sentence, tone) {
  state.hidden = false;
  state.className = `note ${tone}`;
  stateText.textContent = sentence;
  state.querySelector('.i').toggleAttribute('hidden', tone === 'inf');
  signIn.hidden = true;
}

// what was sent once and is changed afterwards is another note: the server may have the first one already
function changed() {
  if (failed) {
    form.elements.client_id.value = newKey();
    saveLabel.textContent = saveWord;
  }
  draft();
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
}

// --- the text survives a closed browser ---------------------------------------------------------------------------------
const key = () => `site-note:${say.member}:${form.elements.customer.value}`;
const store = (act) => { try { return act(localStorage); } catch { return null; } }; // storage may be switched off

function draft() {
  store((local) => (text.value ? local.setItem(key(), text.value) : local.removeItem(key())));
}

function forget() {
  store((local) => local.removeItem(key()));
}

text.addEventListener('input', changed);
if (!text.value) text.value = store((local) => local.getItem(key())) ?? '';

// --- another contact, without leaving the page: the photos stay ---------------------------------------------------------
const who = form.querySelector('.who');
who.addEventListener('click', async (event) => {
  event.preventDefault();
  const page = await picker(who.href);
  if (!page) return keep(say.textOffline);
  const dialog = document.createElement('dialog');
  dialog.className = 'cap pickone';
  dialog.append(...page);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('submit', async (search) => {
    search.preventDefault();
    const found = await picker(`${who.href}?${new URLSearchParams(new FormData(search.target))}`);
    if (found) dialog.replaceChildren(...found);
  });
  dialog.addEventListener('click', (click) => {
    const link = click.target.closest('a');
    if (!link) return;
    click.preventDefault();
    if (link.matches('.rw')) choose(new URL(link.href).searchParams.get('kunde'), link);
    dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
});

async function picker(url) {
  const answer = await fetch(url, { redirect: 'manual' }).catch(() => null);
  if (!answer?.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.pickone')?.childNodes;
}

function choose(customer, link) {
  forget();
  form.elements.customer.value = customer;
  const name = link.querySelector('.b').textContent;
  who.querySelector('.b').textContent = name;
  who.querySelector('.av').textContent = name.split(/\s+/).filter(Boolean).map((word) => word[0]).filter((_, i, all) => !i || i === all.length - 1).join('').toUpperCase();
  const place = who.querySelector('.mut');
  if (place) place.textContent = link.querySelector('.mut')?.textContent ?? '';
  changed();
}
