// The catalogue while typing: a combobox on the text of a row, and on the search below the rows.
import { add, fill, form, field, rowOf, touched } from './rows.js';

const list = Object.assign(document.createElement('ul'), { id: 'vorschlaege', className: 'suggest', hidden: true });
list.setAttribute('role', 'listbox');
let input = null, items = [], active = -1, running, timer;

function close() {
  clearTimeout(timer);
  running?.abort();
  list.hidden = true;
  items = [];
  input?.setAttribute('aria-expanded', 'false');
  input?.removeAttribute('aria-activedescendant');
}

function show(found) {
  items = found;
  active = input.matches('[data-suggest=add]') && found.length ? 0 : -1;
  list.replaceChildren(...found.map(({ text, number, price }, place) => {
    const entry = Object.assign(document.createElement('li'), { id: `vorschlag-${place}` });
    entry.setAttribute('role', 'option');
    const words = document.createElement('span');
    words.append(Object.assign(document.createElement('b'), { textContent: text }), ` ${number}`);
    entry.append(words, Object.assign(document.createElement('span'), { className: 'num', textContent: price }));
    return entry;
  }));
  input.after(list);
  list.hidden = !found.length;
  input.setAttribute('aria-expanded', String(found.length > 0));
  point();
}

function point() {
  [...list.children].forEach((each, place) => each.setAttribute('aria-selected', String(place === active)));
  const entry = list.children[active];
  if (entry) { input.setAttribute('aria-activedescendant', entry.id); entry.scrollIntoView({ block: 'nearest' }); }
  else input.removeAttribute('aria-activedescendant');
}

function take(place) {
  const { fields } = items[place];
  const row = input.matches('[data-suggest=add]') ? add('item', fields) : rowOf(input);
  if (row === rowOf(input)) {
    for (const part of row.querySelectorAll('[name*="-split_"]')) part.value = '';
    fill(row, fields);
  } else input.value = '';
  close();
  const quantity = field(row, 'quantity');
  quantity.focus();
  quantity.select();
  touched();
}

async function ask() {
  running?.abort();
  running = new AbortController();
  const words = input.value.trim();
  if (words.length < 2) return show([]);
  const mode = form.querySelector('[name=mode]').value;
  try {
    const answer = await fetch(`${form.dataset.search}?mode=${mode}&q=${encodeURIComponent(words)}`, { signal: running.signal });
    show((await answer.json()).items);
  } catch { /* the next letter was faster, or no network */ }
}

form.addEventListener('input', (event) => {
  if (!event.target.matches('[data-suggest]')) return;
  input = event.target;
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
});

form.addEventListener('focusin', (event) => {
  if (!event.target.matches('[data-suggest]') || event.target.hasAttribute('role')) return;
  for (const [name, text] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', list.id]]) {
    event.target.setAttribute(name, text);
  }
});
form.addEventListener('focusout', close);
list.addEventListener('pointerdown', (event) => event.preventDefault()); // the text keeps the focus
list.addEventListener('click', (event) => take([...list.children].indexOf(event.target.closest('li'))));

form.addEventListener('keydown', (event) => {
  if (event.target !== input || !items.length || event.altKey) return;
  const to = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
  if (to !== undefined) active = (to + items.length + 1) % (items.length + 1);
  if (active === items.length) active = -1;
  if (to !== undefined) { event.preventDefault(); point(); }
  if (event.key === 'Enter' && active >= 0) { event.preventDefault(); event.stopImmediatePropagation(); take(active); }
  if (event.key === 'Escape') { event.preventDefault(); close(); }
});
