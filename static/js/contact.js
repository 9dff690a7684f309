// Contacts: steps without a full page load, drafts that survive, search while typing. Everything works without it.

const main = document.getElementById('inhalt');

// --- show an answer in place of the content; false if it is no such page -----------------------------------------------
async function swap(response) {
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const content = page.getElementById('inhalt');
  if (!content || !page.body.classList.contains('office')) return false;
  const focused = document.activeElement?.closest('section, li, form')?.id;
  main.replaceChildren(...content.childNodes);
  document.title = page.title;
  if (response.url) history.replaceState(null, '', response.url);
  enhance();
  const target = main.querySelector('.undo button') ?? (focused && document.getElementById(focused)) ?? main;
  target.focus({ preventScroll: true });
  return true;
}

// --- ticks, deletes, undo, notes: sent in the background, shown in place ------------------------------------------------
document.addEventListener('submit', async (event) => {
  const form = event.target.closest('form[data-swap]'), button = event.submitter;
  if (!form || event.defaultPrevented || form.dataset.plain) return;
  event.preventDefault();
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  if (button) button.disabled = true;
  try {
    const response = await fetch(button?.getAttribute('formaction') ?? form.action, { method: 'POST', body: data, headers: { 'X-Requested-With': 'fetch' } });
    if (response.ok && await swap(response)) {
      document.getElementById(form.dataset.swap)?.focus({ preventScroll: true }); // goes on writing (KTK1)
      return;
    }
  } catch { /* no network: the browser says so when the form is sent the plain way */ }
  if (button) button.disabled = false;
  form.dataset.plain = 1;
  form.requestSubmit(button);
});

// one menu is open at a time; Escape and a click beside close it
document.addEventListener('click', (event) => closeMenus(event.target));
document.addEventListener('keydown', (event) => {
  const open = event.key === 'Escape' && document.activeElement?.closest('details.more[open]');
  if (open) { open.open = false; open.querySelector('summary').focus(); }
});
function closeMenus(target) {
  for (const menu of main.querySelectorAll('details.more[open]')) if (!menu.contains(target)) menu.open = false;
}

// --- a list that is filtered while somebody types (KON1) ------------------------------------------------------------------------------------------------
const filter = document.getElementById('filter');
if (filter) {
  let timer, running;
  filter.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      const url = new URL(location.href);
      url.searchParams.delete('nach');
      if (filter.value.trim()) url.searchParams.set('q', filter.value.trim()); else url.searchParams.delete('q');
      try {
        const response = await fetch(url, { signal: running.signal, headers: { 'X-Requested-With': 'fetch' } });
        const page = new DOMParser().parseFromString(await response.text(), 'text/html');
        for (const name of ['[data-live]', '[data-count]']) {
          const fresh = page.querySelector(name);
          if (fresh) main.querySelector(name)?.replaceChildren(...fresh.childNodes);
        }
        history.replaceState(null, '', url);
      } catch { /* aborted by the next letter, or no network: Enter still works */ }
    }, 150);
  });
}

// --- what depends on the content shown ----------------------------------------------------------------------------------
function enhance() {
  for (const form of main.querySelectorAll('form[data-draft]')) keepDraft(form);
  for (const label of main.querySelectorAll('label.pick')) countFiles(label);
  showPreviews(5);
  markPlaces();
  const note = main.querySelector('[data-reload]');
  if (note) setTimeout(() => location.reload(), Number(note.dataset.reload) * 1000);
  const offer = main.querySelector('form.undo');
  if (offer) setTimeout(() => { if (!offer.contains(document.activeElement)) offer.remove(); }, 20000);
}

// a draft of a note survives closing the tab (KTK5); it goes once its text stands in the timeline
function keepDraft(form) {
  const key = `draft:${form.dataset.draft}`, field = form.querySelector('textarea');
  const bare = (text) => text.replace(/\s+/g, '');
  try {
    const draft = localStorage.getItem(key) ?? '';
    const saved = [...main.querySelectorAll('.tl .text')].some((text) => {
      const there = bare(text.textContent); // below a letter stands who wrote it
      return 'letter' in text.dataset ? bare(draft) && there.startsWith(bare(draft)) : there === bare(draft);
    });
    if (saved) localStorage.removeItem(key);
    else if (draft && field.value === field.defaultValue) field.value = draft;
    field.addEventListener('input', () => localStorage.setItem(key, field.value));
  } catch { /* storage is switched off */ }
}

// previews are made in the background: look again a few times, without touching what is being written
async function showPreviews(tries) {
  if (!tries || !main.querySelector('[data-pending]')) return;
  await new Promise((done) => setTimeout(done, 2500));
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    for (const old of main.querySelectorAll('[data-pending]')) {
      const fresh = page.querySelector(`[data-file="${old.dataset.pending}"]:not([data-pending])`);
      if (fresh) old.replaceWith(fresh);
    }
  } catch { /* no network: they are there the next time */ }
  showPreviews(tries - 1);
}

// a place in a picture: a click fills the fields, the fields move the ring
function markPlaces() {
  const stage = main.querySelector('[data-stage]'), form = main.querySelector('form[data-mark]');
  if (!stage || !form?.elements.x) return;
  const picture = stage.querySelector('img'), ring = stage.querySelector('[data-new]'), { x, y, place, text } = form.elements;
  const show = () => {
    ring.toggleAttribute('hidden', !x.value || !y.value);
    ring.setAttribute('x', `${x.value}%`);
    ring.setAttribute('y', `${y.value}%`);
  };
  stage.classList.add('live');
  form.querySelector('[data-hint]').hidden = false;
  picture.addEventListener('click', (event) => {
    const box = picture.getBoundingClientRect();
    x.value = ((event.clientX - box.left) / box.width * 100).toFixed(1);
    y.value = ((event.clientY - box.top) / box.height * 100).toFixed(1);
    show();
    text.focus();
  });
  for (const field of [x, y]) field.addEventListener('input', show);
  for (const choice of place) choice.addEventListener('change', () => { x.value = y.value = ''; show(); });
}

function countFiles(label) {
  const field = label.querySelector('input'), text = label.querySelector('[data-picked]'), before = text.textContent;
  field.addEventListener('change', () => {
    const names = [...field.files].map((file) => file.name);
    text.textContent = names.length > 1 ? `${names.length} × ${before}` : names[0] ?? before;
  });
}

enhance();
