// Search the catalogue while typing; Enter or a click takes an item. Without script a button does it.

/** Wire up the search of the editor's form; `take` gets the fields of the item that was chosen. */
export function searchCatalogue(form, take) {
  const search = form.querySelector('[data-catalogue]');
  const list = form.querySelector('[data-found]');
  let running, timer;
  form.querySelector('[data-noscript]').hidden = true;

  function choose(fields) {
    search.value = '';
    list.replaceChildren();
    take(fields);
  }

  function entry({ text, number, price, fields }) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'rw' });
    const name = document.createElement('span');
    name.append(Object.assign(document.createElement('b'), { className: 'b', textContent: text }), ` ${number}`);
    button.append(name, Object.assign(document.createElement('span'), { className: 'num', textContent: price }));
    button.addEventListener('click', () => choose(fields));
    return button;
  }

  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      const words = search.value.trim();
      if (!words) return list.replaceChildren();
      try {
        const answer = await fetch(`${form.dataset.search}?q=${encodeURIComponent(words)}`, { signal: running.signal });
        const { items } = await answer.json();
        list.replaceChildren(...items.map(entry));
      } catch { /* the next letter was faster, or no network */ }
    }, 200);
  });

  search.addEventListener('keydown', (event) => {
    const first = list.querySelector('button');
    if (event.key === 'Enter') first?.click();
    if (event.key === 'ArrowDown' && first) { event.preventDefault(); first.focus(); }
    if (event.key === 'Escape') list.replaceChildren();
  });
}
