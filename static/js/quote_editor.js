// Quotes and invoices while they are written: rows and sums. Without it the buttons do the same by posting.
import { searchCatalogue } from './catalogue_search.js';

const form = document.getElementById('editor');
const table = form.querySelector('[data-rows]');
const state = form.querySelector('[data-state]');
let fresh = 0;

// --- rows
const rowOf = (element) => element?.closest?.('[data-row]');
const key = (row) => row.querySelector('[name=rows]').value;
const field = (row, name) => row.querySelector(`[name="${key(row)}-${name}"]`);

function blank(kind, values = {}) {
  const row = document.querySelector(`template[data-blank="${kind}"]`).content.querySelector('[data-row]').cloneNode(true);
  const name = `n${Date.now().toString(36)}${fresh++}`;
  for (const element of [row, ...row.querySelectorAll('*')]) {
    for (const attribute of ['id', 'name', 'value']) {
      const value = element.getAttribute(attribute);
      if (value === 'neu') element.setAttribute(attribute, name);
      else if (value) element.setAttribute(attribute, value.replace(/(^|[-_:])neu(?=-|$)/, `$1${name}`));
    }
  }
  row.querySelector('[name=rows]').value = name;
  for (const [each, value] of Object.entries(values)) {
    const input = field(row, each);
    if (input) input.value = value;
  }
  return row;
}

function add(kind, values, after) {
  const row = blank(kind, values);
  if (after) after.after(row); else table.append(row);
  mark(row);
  touched();
  return row;
}

// what a row is shows at its edge and in words; the radio of its set shares one name
function mark(row) {
  const set = row.querySelector('[data-alternative]');
  if (!set) return;
  const name = set.value.trim();
  const optional = row.querySelector('[data-optional]');
  const radio = row.querySelector('[type=radio]');
  if (name && document.activeElement === set) optional.checked = false;
  radio.hidden = !name;
  radio.name = `default-${name || key(row)}`;
  row.classList.toggle('alt', Boolean(name));
  row.classList.toggle('opt', optional.checked);
  const badge = row.querySelector('[data-is=alt]');
  badge.textContent = name;
  badge.hidden = !name;
  row.querySelector('[data-is=opt]').hidden = !optional.checked;
  const peers = [...table.querySelectorAll('[type=radio]')].filter((each) => each.name === radio.name);
  if (name && !peers.some((each) => each.checked)) peers[0].checked = true;
}

const steps = {
  up: (row) => row.previousElementSibling.matches('[data-row]') && row.previousElementSibling.before(row),
  down: (row) => row.nextElementSibling?.after(row),
  remove: (row) => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    next.querySelector('textarea, input:not([type=hidden])')?.focus();
  },
  alternative: (row) => {
    const set = row.querySelector('[data-alternative]');
    if (!set.value.trim()) {
      let above = row;
      while (above && !above.matches('.g')) above = above.previousElementSibling;
      set.value = (field(above ?? row, 'text').value || 'Ausführung').slice(0, 80);
      row.querySelector('[data-optional]').checked = false;
    }
    mark(row);
    let last = row;
    while (last.nextElementSibling?.querySelector('[data-alternative]')?.value === set.value) last = last.nextElementSibling;
    const values = Object.fromEntries(['quantity', 'unit', 'vat', 'cost_kind'].map((each) => [each, field(row, each)?.value ?? '']));
    const other = add('item', { ...values, alternative_set: set.value }, last);
    field(other, 'text').focus();
  },
};

function step(name, row) {
  const focused = document.activeElement;
  steps[name](row);
  if (name === 'up' || name === 'down') focused?.focus();
  touched();
}

form.addEventListener('click', (event) => {
  const button = event.target.closest('[data-step], [data-add]');
  if (!button) return;
  event.preventDefault();
  if (button.dataset.step) step(button.dataset.step, rowOf(button));
  else {
    // a new line goes below the one that is being written, a new group to the end
    const here = button.dataset.add === 'section' ? null : rowOf(last);
    field(add(button.dataset.add, {}, here?.isConnected ? here : null), 'text').focus();
  }
});

let last = null;
form.addEventListener('focusin', (event) => { last = rowOf(event.target) ?? last; });

form.addEventListener('keydown', (event) => {
  const row = rowOf(event.target);
  if (row && event.altKey && ['ArrowUp', 'ArrowDown'].includes(event.key)) {
    event.preventDefault();
    step(event.key === 'ArrowUp' ? 'up' : 'down', row);
  } else if (event.key === 'Enter' && event.target.matches('input:not([type=file], [type=checkbox], [type=radio])')) {
    event.preventDefault(); // Enter in a field never sends the form
    if (!row || !event.target.matches('[data-last]')) return;
    const next = row.nextElementSibling;
    field(next?.querySelector('[data-last]') ? next : add('item', {}, row), 'text').focus();
  }
});

searchCatalogue(form, (fields) => {
  const quantity = field(add('item', fields), 'quantity');
  quantity.focus();
  quantity.select();
});

// --- sums: worked out by the server, which also works them out when the document is saved
let timer, counting;
const out = (name) => form.querySelector(`[data-out=${name}]`);

async function count() {
  counting?.abort();
  counting = new AbortController();
  const data = new FormData(form);
  const rows = data.getAll('rows');
  const fields = Object.fromEntries([...data].filter(([name, value]) => typeof value === 'string' && name !== 'rows'));
  try {
    const answer = await fetch(form.dataset.totals, {
      method: 'POST', signal: counting.signal,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': fields.csrfmiddlewaretoken },
      body: JSON.stringify({ document: form.dataset.document, rows, fields }),
    });
    if (answer.ok) show(await answer.json());
  } catch { /* overtaken by the next key, or no network: saving works the sums out again */ }
}

function show(sums) {
  for (const row of table.querySelectorAll('[data-row]')) {
    const found = sums.rows[key(row)];
    const place = row.querySelector('[data-pos]');
    if (place) place.textContent = found?.position ?? '';
    const sum = row.querySelector('[data-sum]');
    if (sum) sum.textContent = found?.sum ?? '';
    row.classList.toggle('off', found?.counted === false);
  }
  out('net').textContent = sums.net;
  out('gross').textContent = sums.gross;
  form.querySelectorAll('[data-group]').forEach((each) => each.remove());
  for (const [label, tax] of sums.groups) {
    const line = document.createElement('div');
    line.dataset.group = '';
    line.append(Object.assign(document.createElement('dt'), { textContent: label }), Object.assign(document.createElement('dd'), { textContent: tax, className: 'num' }));
    out('gross').parentElement.before(line);
  }
  const range = form.querySelector('[data-range]');
  if (range) { range.hidden = !sums.most; out('most').textContent = sums.most; }
  if (out('margin')) {
    out('margin').textContent = sums.margin ?? '–';
    out('margin_percent').textContent = sums.margin_percent ?? '';
    form.querySelector('[data-margin-hint]').hidden = Boolean(sums.margin);
    form.querySelector('[data-meter] rect')?.setAttribute('width', sums.margin_width ?? 0);
  }
}

// --- unsaved
let dirty = false;
function touched() {
  dirty = true;
  state.textContent = form.dataset.unsaved;
  clearTimeout(timer);
  timer = setTimeout(count, 150);
}

form.addEventListener('input', (event) => {
  if (event.target.matches('[data-catalogue]')) return;
  const row = rowOf(event.target);
  if (row && event.target.matches('[data-optional]') && event.target.checked) row.querySelector('[data-alternative]').value = '';
  if (row) mark(row);
  touched();
});
if ('dirty' in form.dataset) touched();
form.addEventListener('submit', (event) => { dirty = event.submitter?.formTarget === '_blank' && dirty; });
window.addEventListener('beforeunload', (event) => { if (dirty) event.preventDefault(); });
