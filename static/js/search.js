// The search field of every office page: hits while somebody types. Enter without a choice opens the page with all of them.

const field = document.getElementById('find');
if (field) {
  const form = field.form, box = document.createElement('div'), said = document.createElement('p');
  let timer, running, shownFor = '';
  box.className = 'o-hits';
  box.hidden = true;
  said.className = 'vh';
  said.setAttribute('role', 'status');
  form.append(box, said);
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-haspopup': 'listbox' })) {
    field.setAttribute(name, value);
  }

  const options = () => [...box.querySelectorAll('[role=option]')];
  const chosen = () => box.querySelector('[aria-selected=true]');

  function choose(option) {
    chosen()?.setAttribute('aria-selected', 'false');
    if (!option) return field.removeAttribute('aria-activedescendant');
    option.setAttribute('aria-selected', 'true');
    field.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }

  function show(open) {
    box.hidden = !open;
    field.setAttribute('aria-expanded', String(open && options().length > 0));
    if (open && box.querySelector('#treffer')) field.setAttribute('aria-controls', 'treffer');
    else field.removeAttribute('aria-controls');
    if (!open) choose(null);
  }

  async function look() {
    const text = field.value.trim();
    running?.abort();
    if (text.length < 2) { shownFor = ''; box.replaceChildren(); return show(false); }
    if (text === shownFor) return show(true);
    running = new AbortController();
    try {
      const url = `${form.action}?q=${encodeURIComponent(text)}`;
      const response = await fetch(url, { signal: running.signal, headers: { 'X-Requested-With': 'fetch' } });
      if (!response.ok || response.redirected) return;
      box.innerHTML = await response.text();
      said.textContent = box.querySelector('[data-said]')?.textContent ?? '';
      box.querySelector('[data-said]')?.remove();
      shownFor = text;
      show(document.activeElement === field);
    } catch { /* the next letter came first, or no network: Enter still works */ }
  }

  field.addEventListener('focus', () => {
    if (form.dataset.css) {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: form.dataset.css }));
      delete form.dataset.css;
    }
    if (shownFor && shownFor === field.value.trim()) show(true);
  });
  field.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(look, 180); });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !box.hidden) { event.preventDefault(); return show(false); }
    if (event.key === 'Enter' && !box.hidden && chosen()) { event.preventDefault(); return chosen().click(); }
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    if (box.hidden) return look();
    const all = options(), place = all.indexOf(chosen()) + way;
    choose(all.at(place < -1 ? -1 : place % (all.length + 1)) ?? null);
  });
  form.addEventListener('focusout', (event) => { if (!form.contains(event.relatedTarget)) setTimeout(() => show(false), 150); });
}
