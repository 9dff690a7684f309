// Customer pages. Everything works without this file; it saves steps and says what changed.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const first = (selector) => document.querySelector(selector);
const body = document.body;

// after an error, and on pages that say what just happened, the words have the focus
(first('.errs') ?? first('[autofocus]'))?.focus();

// seen: the page was in front of somebody for two seconds (never while it is only loaded ahead)
if (body.dataset.seen) {
  let timer;
  const watch = () => {
    clearTimeout(timer);
    if (document.visibilityState !== 'visible' || document.prerendering) return;
    timer = setTimeout(() => {
      document.removeEventListener('visibilitychange', watch);
      fetch(body.dataset.seen, { method: 'POST', headers: { 'X-CSRFToken': body.dataset.token }, keepalive: true });
    }, 2000);
  };
  document.addEventListener('visibilitychange', watch);
  document.addEventListener('prerenderingchange', watch);
  watch();
}

// words that were typed survive a reload until they are sent
for (const field of all('textarea[data-keep]')) {
  const key = location.pathname + field.name;
  try {
    field.value ||= sessionStorage.getItem(key) ?? '';
    field.addEventListener('input', () => sessionStorage.setItem(key, field.value));
    field.form.addEventListener('submit', () => sessionStorage.removeItem(key));
  } catch { /* storage switched off */ }
}

// Enter in a field must not order (the one button does)
for (const form of all('form[data-deliberate]')) {
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches('input:not([type=checkbox])')) event.preventDefault();
  });
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => { delete form.dataset.sent; });
}

// copy a value
for (const button of all('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector('[aria-live]');
    const before = label.textContent;
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = before; }, 2000);
  });
}

// the quote: the sum at once from the differences the server gave, then the server's own, which counts
const form = first('form[data-live]');
if (form) {
  const english = document.documentElement.lang === 'en';
  const money = new Intl.NumberFormat(english ? 'en-IE' : 'de-DE', { style: 'currency', currency: 'EUR' });
  const euro = (cents) => money.format(Math.abs(cents) / 100).replace(/^/, cents < 0 ? '\u2212' : '');
  const signed = (cents) => (cents ? (cents < 0 ? '\u2212' : '+') + (english ? '' : '\u00a0') + euro(Math.abs(cents)) : form.dataset.same);
  const inputs = [...form.elements].filter((input) => input.dataset.c !== undefined);
  const out = (name, text) => { for (const element of all(`[data-out="${name}"]`)) element.textContent = text; };
  const price = (row, text) => { for (const element of all(`[data-price="${row}"]`)) element.textContent = text; };
  const query = () => `?${new URLSearchParams(new FormData(form))}`;
  const taken = (input, known) => (known.has(input) ? +input.dataset.c : 0);
  const chosen = () => new Set(inputs.filter((input) => input.checked));
  // what the server's sum is about: at first what it drew as checked
  let known = new Set(inputs.filter((input) => input.defaultChecked));
  let base = +form.dataset.cents - inputs.reduce((sum, input) => sum + taken(input, known), 0);
  let asking;

  const words = () => {
    const extras = [];
    for (const input of inputs) {
      if (!input.checked) continue;
      if (input.type === 'radio') out(input.name, input.dataset.label);
      else extras.push(input.dataset.label);
    }
    const field = first('[data-out=extras]');
    if (field) field.textContent = extras.join(', ') || field.dataset.none;
  };
  const guess = () => {
    const now = chosen();
    out('total', euro(inputs.reduce((sum, input) => sum + taken(input, now), base)));
    for (const input of inputs) {
      if (input.type !== 'radio') continue;
      const mine = inputs.find((other) => other.name === input.name && other.checked);
      price(input.value, input === mine ? form.dataset.taken : signed(input.dataset.c - mine.dataset.c));
    }
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const now = chosen();
    let said;
    try {
      const answer = await fetch(form.dataset.live + query(), { signal: asking.signal, headers: { Accept: 'application/json' } });
      if (!answer.ok) return;
      said = await answer.json();
    } catch { return; }
    for (const input of inputs) {
      const row = input.dataset.row ?? input.value;
      input.dataset.c = said.rows[row].cents;
      price(row, said.rows[row].price);
    }
    known = now;
    base = said.cents - inputs.reduce((sum, input) => sum + taken(input, known), 0);
    out('total', said.total);
    out('said', said.said);
    for (const [name, text] of Object.entries(said.sums)) if (name !== 'total' && name !== 'net') out(name, text);
  };
  const show = (input) => {
    const hero = first('.hero img');
    if (!hero || !input.checked || !input.dataset.pic) return;
    const next = new Image();
    const swap = () => {
      if (!input.checked) return;
      hero.previousElementSibling.srcset = input.dataset.full;
      hero.src = input.dataset.pic;
      hero.alt = input.dataset.alt;
      out('hero', input.dataset.label);
    };
    next.src = matchMedia('(min-width: 60rem)').matches ? input.dataset.full : input.dataset.pic;
    next.decode().then(swap, swap);
  };
  form.ownerDocument.addEventListener('change', ({ target }) => {
    if (!inputs.includes(target)) return;
    words();
    guess();
    show(target);
    history.replaceState(null, '', query());
    for (const other of all('form[data-ask]')) other.action = other.action.split('?')[0] + query();
    ask();
  });
  // the browser may bring back an earlier choice
  addEventListener('pageshow', () => {
    if (inputs.some((input) => input.checked !== known.has(input))) { words(); guess(); inputs.forEach(show); ask(); }
  });
  // the other pictures come when there is nothing else to do, so that a choice is seen at once
  addEventListener('load', () => (window.requestIdleCallback ?? setTimeout)(() => {
    const wide = matchMedia('(min-width: 60rem)').matches;
    for (const input of inputs) if (input.dataset.pic) new Image().src = wide ? input.dataset.full : input.dataset.pic;
  }));
}
