// Office pages of quotes, orders and invoices: what only a script can do appears, menus close. The board: board.js.

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

// in a menu the arrows walk through its buttons
document.addEventListener('keydown', (event) => {
  const menu = event.target.closest('details.drop[open]');
  const way = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!menu || !way || event.target.matches('input, textarea, select')) return;
  const buttons = [...menu.querySelectorAll('.menu button, .menu a')];
  const place = buttons.indexOf(event.target) + way;
  if (buttons[place]) { event.preventDefault(); buttons[place].focus(); }
});

// print this page: <button data-print hidden data-script>
document.addEventListener('click', (event) => { if (event.target.closest('[data-print]')) window.print(); });
