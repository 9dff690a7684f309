// Quotes and invoices while they are written. Without script the buttons do the same by posting.
import { add, field, form, mark, nameOfSet, rowOf, touched, unfold, value } from './editor/rows.js';
import './editor/suggestions.js'; // before the keys below: Enter takes what is suggested
import { step } from './editor/moving.js';
import './editor/sums.js';
import './editor/saving.js';

form.querySelectorAll('[data-noscript]').forEach((each) => each.remove());

form.addEventListener('click', (event) => {
  const button = event.target.closest('[data-step], [data-add]');
  if (!button) return;
  event.preventDefault();
  if (button.dataset.step) return step(button.dataset.step, rowOf(button));
  // a new line goes below the one that is being written, a new title to the end
  const here = button.dataset.add === 'section' ? null : rowOf(last);
  field(add(button.dataset.add, {}, here?.isConnected ? here : null), 'text').focus();
});

let last = null;
form.addEventListener('focusin', (event) => { last = rowOf(event.target) ?? last; });

form.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.target.matches('input:not([type=file], [type=checkbox], [type=radio])')) return;
  event.preventDefault(); // Enter in a field never sends the form
  const row = rowOf(event.target);
  if (!event.target.matches('[data-last]')) return;
  const next = row.nextElementSibling;
  field(next?.querySelector('[data-last]') ? next : add('item', {}, row), 'text').focus();
});

form.addEventListener('toggle', (event) => { if (event.target.open && rowOf(event.target)) { unfold(rowOf(event.target)); form.dispatchEvent(new Event('unfolded')); } }, true);

form.addEventListener('input', (event) => {
  if (event.target.matches('[data-suggest=add], [data-block]')) return;
  const row = rowOf(event.target);
  if (row && event.target.name.endsWith('-choice') && event.target.value === 'alternative' && !value(row, 'alternative_set').trim()) {
    field(row, 'alternative_set').value = nameOfSet(row);
  }
  // the customer says how many: what is offered is one
  if (row && event.target.name.endsWith('-max_quantity') && event.target.value) field(row, 'quantity').value = '1';
  if (row) mark(row);
  touched();
});

form.addEventListener('change', async (event) => {
  const { block } = event.target.dataset;
  if (!block || !event.target.value) return;
  const answer = await fetch(`${form.dataset.blocks}${event.target.value}/text/`);
  event.target.value = '';
  if (!answer.ok) return;
  const { text, row } = await answer.json();
  if (block === 'row') return field(add('text', row, rowOf(last)?.isConnected ? rowOf(last) : null), 'text').focus();
  const area = form.elements[block];
  area.value = [area.value.trimEnd(), text].filter(Boolean).join('\n\n');
  area.focus();
  touched();
});

if ('dirty' in form.dataset) touched();
