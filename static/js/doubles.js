// Contacts that are there already, shown while one is typed. Without it the question comes once, after the first click.

const form = document.querySelector('form[data-doubles]'), panel = form?.querySelector('[data-doubles-panel]');
const NAMES = ['company_name', 'first_name', 'last_name', 'email', 'phone', 'mobile', 'street', 'postcode', 'city'];
let timer, running, shown = panel?.innerHTML.trim();

form?.addEventListener('input', (event) => {
  if (!NAMES.includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(look, 300);
});

async function look() {
  running?.abort();
  running = new AbortController();
  const data = new FormData();
  for (const name of ['csrfmiddlewaretoken', 'pk', ...NAMES]) if (form.elements[name]) data.set(name, form.elements[name].value);
  try {
    const response = await fetch(form.dataset.doubles, { method: 'POST', body: data, signal: running.signal, headers: { 'X-Requested-With': 'fetch' } });
    if (!response.ok) return;
    const fresh = (await response.text()).trim();
    // a reader hears it only when it says something new
    if (fresh !== shown) { panel.innerHTML = fresh; shown = fresh; }
  } catch { /* aborted by the next letter, or no network: it is asked after the click */ }
}
