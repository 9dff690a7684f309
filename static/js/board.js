// The board: dragging a card onto a column, or V on a card and the arrows, takes the step that the card's menu offers.
// What must be asked first (a date, once whether the customer is to know) is asked in that menu.

const menuOf = (card) => card.querySelector('details.drop');
const stepTo = (card, state) => menuOf(card)?.querySelector(`button[value="${state}"]`);
let dragged = null;

function ask(card, button) {
  const menu = menuOf(card);
  menu.open = true;
  const day = button.value === 'scheduled' && menu.querySelector('input[type=date]');
  (day || button).focus();
}

for (const card of document.querySelectorAll('.kc')) {
  if (!menuOf(card)) continue;
  card.draggable = true;
  card.addEventListener('dragstart', (event) => {
    dragged = card;
    event.dataTransfer.setData('text/plain', card.id);
    event.dataTransfer.effectAllowed = 'move';
  });
  card.addEventListener('dragend', () => { dragged = null; });
  card.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'v' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea')) return;
    const first = menuOf(card).querySelector('button[name=to]');
    if (!first) return;
    event.preventDefault();
    menuOf(card).open = true;
    first.focus();
  });
}

for (const column of document.querySelectorAll('.board > section')) {
  const open = () => dragged && stepTo(dragged, column.dataset.state);
  column.addEventListener('dragover', (event) => {
    if (!open()) return; // a step that is not allowed: the card flies back
    event.preventDefault();
    column.classList.add('over');
  });
  column.addEventListener('dragleave', () => column.classList.remove('over'));
  column.addEventListener('drop', (event) => {
    event.preventDefault();
    column.classList.remove('over');
    const button = open();
    if (!button) return;
    if ('asks' in button.dataset) ask(dragged, button);
    else button.form.requestSubmit(button);
  });
}
