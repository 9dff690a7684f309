// Office pages of quotes, orders and invoices: what only a script can do appears, menus close, cards can be dragged.

for (const button of document.querySelectorAll('[data-script]')) button.hidden = false;

// menus behind buttons close on Escape and when something else is clicked
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.drop[open]')) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = event.target.closest('details.drop[open]');
  if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
});

// the board: dragging a card onto a column, or V on a card, opens its menu at that step; the menu asks what must be asked
function openMenu(card, state) {
  const menu = card.querySelector('details.drop');
  if (!menu) return;
  const button = menu.querySelector(state ? `button[value="${state}"]` : 'button[name=to]');
  if (!button) return;
  menu.open = true;
  (state === 'scheduled' ? menu.querySelector('input[type=date]') : button).focus();
}

for (const card of document.querySelectorAll('.kc')) {
  if (!card.querySelector('details.drop')) continue;
  card.draggable = true;
  card.addEventListener('dragstart', (event) => { event.dataTransfer.setData('text/plain', card.id); event.dataTransfer.effectAllowed = 'move'; });
  card.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'v' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea')) return;
    event.preventDefault();
    openMenu(card);
  });
}

for (const column of document.querySelectorAll('.board > section')) {
  column.addEventListener('dragover', (event) => { event.preventDefault(); column.classList.add('over'); });
  column.addEventListener('dragleave', () => column.classList.remove('over'));
  column.addEventListener('drop', (event) => {
    event.preventDefault();
    column.classList.remove('over');
    const card = document.getElementById(event.dataTransfer.getData('text/plain'));
    if (card) openMenu(card, column.dataset.state);
  });
}

// in a menu the arrows walk through its buttons
document.addEventListener('keydown', (event) => {
  const menu = event.target.closest('details.drop[open]');
  if (!menu || !['ArrowDown', 'ArrowUp'].includes(event.key) || event.target.matches('input')) return;
  const buttons = [...menu.querySelectorAll('.menu button, .menu a')];
  const place = buttons.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1);
  if (buttons[place]) { event.preventDefault(); buttons[place].focus(); }
});
