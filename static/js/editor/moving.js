// Rows are moved by keys, by a menu and by dragging; what was removed comes back with "Rückgängig".
import { addAlternative, blockOf, field, form, isTitle, rowOf, table, touched } from './rows.js';

const rows = () => [...table.querySelectorAll('[data-row]')];
const undo = form.querySelector('[data-undo]');
let removed = null;

/** Take a row and where it was; "Rückgängig" puts it back. */
function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  removed = { row, before: row.nextElementSibling };
  row.remove();
  undo.hidden = false;
  if (next?.matches('[data-row]')) next.querySelector('textarea, input:not([type=hidden])').focus();
}

undo.querySelector('button').addEventListener('click', () => {
  const { row, before } = removed;
  if (before?.isConnected) before.before(row); else table.append(row);
  undo.hidden = true;
  row.querySelector('textarea, input:not([type=hidden])').focus();
  touched();
});

function move(row, by) {
  const block = blockOf(row);
  if (by < 0) {
    let above = row.previousElementSibling;
    while (isTitle(row) && above?.matches('[data-row]') && !isTitle(above)) above = above.previousElementSibling;
    // rows above the first title stay there
    if (above?.matches('[data-row]')) above.before(...block);
  } else {
    const below = block.at(-1).nextElementSibling;
    if (below) (isTitle(row) ? blockOf(below).at(-1) : below).after(...block);
  }
}

const steps = {
  up: (row) => move(row, -1),
  down: (row) => move(row, 1),
  remove,
  alternative: (row) => field(addAlternative(row), 'text').focus(),
};

/** Do what a button of a row's menu says. */
export function step(name, row) {
  const focused = document.activeElement;
  steps[name](row);
  if (name === 'up' || name === 'down') focused?.focus();
  touched();
}

form.addEventListener('keydown', (event) => {
  const row = rowOf(event.target);
  if (!row || !event.altKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return;
  event.preventDefault();
  step(event.key === 'ArrowUp' ? 'up' : 'down', row);
});

// --- dragging by the position, with mouse, pen and finger
let drag = null;

table.addEventListener('pointerdown', (event) => {
  const grip = event.target.closest('[data-grip]');
  if (!grip || event.button || event.target.matches('[type=radio]')) return;
  drag = { row: rowOf(grip), pointer: event.pointerId, y: event.clientY, block: null };
  table.setPointerCapture(event.pointerId); // the row itself moves about, and would lose the pointer
});

table.addEventListener('pointermove', (event) => {
  if (event.pointerId !== drag?.pointer) return;
  if (!drag.block) {
    if (Math.abs(event.clientY - drag.y) < 5) return;
    drag.block = blockOf(drag.row);
    drag.block.forEach((each) => each.classList.add('moving'));
  }
  event.preventDefault();
  const edge = 60;
  if (event.clientY < edge) scrollBy(0, -12);
  if (event.clientY > innerHeight - edge) scrollBy(0, 12);
  const others = rows().filter((each) => !drag.block.includes(each) && (!isTitle(drag.row) || isTitle(each) || each === rows().at(-1)));
  const middle = (each) => { const { top, bottom } = each.getBoundingClientRect(); return (top + bottom) / 2; };
  const below = others.find((each) => event.clientY < middle(each));
  const loose = isTitle(drag.row) && below && !isTitle(below);
  if (below && !loose && below.previousElementSibling !== drag.block.at(-1)) below.before(...drag.block);
  else if (!below && others.length && !drag.block.includes(rows().at(-1))) rows().at(-1).after(...drag.block);
});

function drop() {
  if (drag?.block) {
    drag.block.forEach((each) => each.classList.remove('moving'));
    touched();
  }
  drag = null;
}
table.addEventListener('pointerup', drop);
table.addEventListener('pointercancel', drop);
