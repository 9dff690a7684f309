// Sums while typing: worked out by the server, which also works them out when the document is saved.
import { field, form, key, table } from './rows.js';

const SOON = 30; // milliseconds after the last key
let timer, counting;
const out = (name) => form.querySelector(`[data-out=${name}]`);

async function count() {
  counting?.abort();
  counting = new AbortController();
  const data = new FormData(form);
  const fields = Object.fromEntries([...data].filter(([name, value]) => typeof value === 'string' && name !== 'rows'));
  try {
    const answer = await fetch(form.dataset.totals, {
      method: 'POST', signal: counting.signal,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': fields.csrfmiddlewaretoken },
      body: JSON.stringify({ document: form.dataset.document, rows: data.getAll('rows'), fields }),
    });
    if (answer.ok) show(await answer.json());
  } catch { /* overtaken by the next key, or no network: saving works the sums out again */ }
}

function show(sums) {
  for (const row of table.querySelectorAll('[data-row]')) showRow(row, sums.rows[key(row)]);
  for (const name of ['discount', 'net', 'gross', 'most', 'margin', 'margin_percent']) {
    if (out(name)) out(name).textContent = sums[name] ?? (name === 'margin' ? '–' : '');
  }
  for (const line of form.querySelectorAll('[data-if]')) line.hidden = !sums[line.dataset.if];
  form.querySelectorAll('[data-group]').forEach((each) => each.remove());
  for (const [label, tax] of sums.groups) {
    const line = document.createElement('div');
    line.dataset.group = '';
    line.append(Object.assign(document.createElement('dt'), { textContent: label }), Object.assign(document.createElement('dd'), { textContent: tax, className: 'num' }));
    out('gross').parentElement.before(line);
  }
  const hint = form.querySelector('[data-margin-hint]');
  if (hint) hint.hidden = Boolean(sums.margin);
  form.querySelector('[data-meter] rect')?.setAttribute('width', sums.margin_width ?? 0);
}

function showRow(row, found) {
  row.querySelector('[data-pos]').textContent = found?.position ?? '';
  const sum = row.querySelector('[data-sum]');
  if (sum) sum.textContent = found?.sum ?? '';
  row.classList.toggle('off', found?.counted === false);
  const marks = row.querySelector('[data-marks]');
  if (found) marks.replaceChildren(marks.dataset.more, ...found.marks.flatMap(([className, textContent]) => [' ', Object.assign(document.createElement('span'), { className, textContent })]));
  for (const part of row.querySelectorAll('.in input')) part.placeholder = '';
  const main = field(row, `split_${field(row, 'cost_kind')?.value}`);
  if (main) main.placeholder = found?.rest ?? '';
}

for (const cause of ['touched', 'unfolded']) {
  form.addEventListener(cause, () => {
    clearTimeout(timer);
    timer = setTimeout(count, SOON);
  });
}
