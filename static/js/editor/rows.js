// The rows of the editor as elements: finding them, making new ones, unfolding what is seldom needed.

export const form = document.getElementById('editor');
export const table = form.querySelector('[data-rows]');
export const rowOf = (element) => element?.closest?.('[data-row]');
export const key = (row) => row.querySelector('[name=rows]').value;
export const field = (row, name) => row.querySelector(`[name="${key(row)}-${name}"]`);
export const value = (row, name) => field(row, name)?.value ?? '';
export const isTitle = (row) => row?.dataset.row === 'section';

/** A row with what moves with it: a title takes the rows below it along. */
export function blockOf(row) {
  const block = [row];
  while (isTitle(row) && block.at(-1).nextElementSibling && !isTitle(block.at(-1).nextElementSibling)) {
    block.push(block.at(-1).nextElementSibling);
  }
  return block;
}

/** Tell the rest of the editor that something changed. */
export const touched = () => form.dispatchEvent(new Event('touched'));

let fresh = 0;
function copy(template, name) {
  const part = template.content.cloneNode(true);
  for (const element of part.querySelectorAll('*')) {
    for (const attribute of ['id', 'name', 'value']) {
      const found = element.getAttribute(attribute);
      if (found === 'neu') element.setAttribute(attribute, name);
      else if (found) element.setAttribute(attribute, found.replace(/(^|[-_:])neu(?=-|$)/, `$1${name}`));
    }
  }
  return part;
}

/** A new row after another one (or at the end), with values of its fields. */
export function add(kind, values = {}, after = null) {
  const name = `n${Date.now().toString(36)}${fresh++}`;
  const row = copy(document.querySelector(`template[data-blank="${kind}"]`), name).querySelector('[data-row]');
  row.querySelector('[data-noscript]').remove();
  if (after) after.after(row); else table.append(row);
  fill(row, values);
  touched();
  return row;
}

/** Put values into the fields of a row; those of the folded part travel hidden until it is unfolded. */
export function fill(row, values) {
  const name = key(row);
  for (const [each, text] of Object.entries(values)) {
    const input = field(row, each);
    if (input) set(input, text);
    else row.querySelector('details').append(Object.assign(document.createElement('input'), { type: 'hidden', name: `${name}-${each}`, value: text }));
  }
  mark(row);
}

function set(input, text) {
  // a VAT rate of former days is no choice any more, and stays the row's
  if (input.matches('select') && ![...input.options].some((each) => each.value === text)) input.add(new Option(`${text} %`, text));
  input.value = text;
}

/** Make the folded part of a row, with what travelled hidden so far. */
export function unfold(row) {
  const details = row.querySelector('details');
  if (details.querySelector('.fields')) return;
  const carried = [...details.querySelectorAll('input[type=hidden]')];
  carried.forEach((each) => each.remove());
  details.append(copy(document.querySelector(`template[data-details="${row.dataset.row}"]`), key(row)));
  for (const { name, value: text } of carried) {
    const input = details.querySelector(`[name="${name}"]`);
    if (input) set(input, text);
  }
  showPicture(row);
}

/** The picture of a row in its unfolded part. */
export function showPicture(row) {
  const shown = row.querySelector('[data-shown]');
  if (!shown || !row.dataset.picture) return;
  shown.hidden = false;
  shown.querySelector('.cut').textContent = row.dataset.picture;
  shown.querySelector('img')?.remove();
  if (row.dataset.pictureUrl) {
    shown.prepend(Object.assign(new Image(64, 48), { className: 'thumb', alt: '', src: row.dataset.pictureUrl }));
  }
}

const setOf = (row) => (value(row, 'choice') === 'alternative' ? value(row, 'alternative_set').trim() : '');

/** Show at a row's edge what the customer may choose; the radio of its set shares one name. */
export function mark(row) {
  const radio = row.querySelector('[type=radio]');
  if (!radio) return;
  const set = setOf(row);
  const peers = set ? [...table.querySelectorAll('[data-row]')].filter((each) => each !== row && setOf(each) === set).map((each) => each.querySelector('[type=radio]')) : [];
  const name = peers[0]?.name ?? `default-${set || key(row)}`;
  if (radio.name !== name && peers.some((each) => each.checked)) radio.checked = false; // who joins a set does not take its lead
  radio.hidden = !set;
  radio.name = name;
  row.classList.toggle('alt', Boolean(set));
  row.classList.toggle('opt', value(row, 'choice') === 'optional');
  if (set && !radio.checked && !peers.some((each) => each.checked)) (peers[0] ?? radio).checked = true;
}

/** What a new set is called: after the title its first row stands below. */
export function nameOfSet(row) {
  let above = row.previousElementSibling;
  while (above && !isTitle(above)) above = above.previousElementSibling;
  const found = isTitle(row) ? '' : value(above ?? row, 'text');
  return (found || form.querySelector('template[data-details=item]').content.querySelector('.if-alt input').dataset.set || '').slice(0, 80);
}

/** One more version of a row or a title, below the others of its set; the first click makes the set. */
export function addAlternative(row) {
  if (value(row, 'choice') !== 'alternative' || !value(row, 'alternative_set').trim()) {
    fill(row, { choice: 'alternative', alternative_set: nameOfSet(row) });
  }
  const set = value(row, 'alternative_set');
  let last = blockOf(row).at(-1);
  while (last.nextElementSibling && value(last.nextElementSibling, 'alternative_set') === set) last = blockOf(last.nextElementSibling).at(-1);
  const same = Object.fromEntries(['quantity', 'unit', 'vat', 'cost_kind'].filter((each) => field(row, each)).map((each) => [each, value(row, each)]));
  return add(row.dataset.row, { ...same, choice: 'alternative', alternative_set: set }, last);
}
