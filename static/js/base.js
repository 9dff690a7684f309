// What every office and sign-in page shares. Pages work without it.

// after an error the summary has the focus (autofocus alone is not honoured on every browser)
document.querySelector('.errs')?.focus();

// show a password
for (const button of document.querySelectorAll('[data-reveal]')) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener('click', () => {
    const shown = field.type === 'text';
    field.type = shown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!shown));
  });
}

// copy a value: <button data-copy="DE89…" data-done="Kopiert"><span>Kopieren</span></button>
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.querySelector('span:last-child') ?? button;
  const before = label.textContent;
  label.textContent = button.dataset.done || '✓';
  setTimeout(() => { label.textContent = before; }, 2000);
});

// "/" goes to the search field
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable]')) return;
  const find = document.getElementById('find');
  if (find) { event.preventDefault(); find.focus(); find.select(); }
});

// back to a form whose answer was refused; the browser keeps what was typed
for (const button of document.querySelectorAll('[data-back]')) {
  button.hidden = history.length < 2;
  button.addEventListener('click', () => history.back());
}
