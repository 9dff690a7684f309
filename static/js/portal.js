// Customer pages: everything works without this file
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const first = (selector) => document.querySelector(selector);
const body = document.body;

// errors, and what just happened, have the focus
(first('.errs') ?? first('[autofocus]'))?.focus();

// seen: in front of somebody for two seconds (never while only loaded ahead)
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

// typed words survive a reload until they are sent
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

// the quote: the sum at once from the server's differences, then the server's own, which counts
const form = first('form[data-live]');
if (form) {
  const { dataset: words } = form;
  const english = document.documentElement.lang === 'en';
  const money = new Intl.NumberFormat(english ? 'en-IE' : 'de-DE', { style: 'currency', currency: 'EUR' });
  const euro = (cents) => money.format(cents / 100).replace('-', '\u2212');
  const signed = (cents) => (cents < 0 ? '\u2212' : '+') + (english ? '' : '\u00a0') + euro(Math.abs(cents));
  const inputs = [...form.elements].filter((input) => input.dataset.c);
  const put = (kind, key, text) => { for (const element of all(`[data-${kind}="${key}"]`)) element.textContent = text; };
  const out = (name, text) => put('out', name, text);
  // a question may be about one row
  const about = first('[data-about]');
  const position = about.querySelector('input');
  const query = () => `?${new URLSearchParams(new FormData(form))}${position.value && `&zu=${position.value}`}`;
  const keep = () => {
    history.replaceState(null, '', query());
    position.form.action = position.form.action.split('?')[0] + query();
    for (const link of all('a[data-choice]')) link.search = query();
  };
  const isNumber = (input) => input.type === 'number';
  // how many of each row are taken
  const counted = (value, checked) => inputs.map((input) => (isNumber(input) ? +input[value] : +input[checked]));
  const chosen = () => counted('value', 'checked');
  const sum = (counts) => counts.reduce((total, count, index) => total + count * inputs[index].dataset.c, 0);
  let known = counted('defaultValue', 'defaultChecked');
  let base = +words.cents - sum(known);
  let asking;

  const guess = () => {
    const now = chosen();
    const extras = [];
    out('total', euro(base + sum(now)));
    inputs.forEach((input, index) => {
      const { c, label, row } = input.dataset;
      const count = now[index];
      if (input.type === 'radio') {
        const change = c - inputs.find((other) => other.name === input.name && other.checked).dataset.c;
        put('price', row, count ? words.taken : change ? signed(change) : words.same);
        if (count) out(input.name, label);
      } else if (count) extras.push(isNumber(input) ? `${count} \u00d7 ${label}` : label);
      if (isNumber(input)) {
        put('price', row, count ? signed(count * c) : '');
        input.closest('.pick').classList.toggle('on', count);
        for (const button of all('button', input.parentElement)) button.ariaDisabled = input[button.name] === input.value;
      }
    });
    const field = first('[data-out=extras]');
    if (field) field.textContent = extras.join(', ') || field.dataset.none;
  };
  const ask = async () => {
    asking?.abort();
    const mine = asking = new AbortController();
    const now = chosen();
    body.classList.add('asking');
    const said = await fetch(words.live + query(), mine).then((answer) => answer.json()).catch(() => ({}));
    if (mine !== asking) return;
    body.classList.remove('asking');
    if (!said.rows) return out('total', `\u2248\u00a0${euro(base + sum(now))}`); // not heard of
    for (const input of inputs) {
      const row = said.rows[input.dataset.row];
      input.dataset.c = row.cents;
      put('price', input.dataset.row, row.price);
      put('each', input.dataset.row, row.each);
    }
    known = now;
    base = said.cents - sum(now);
    out('total', said.total);
    out('said', said.said);
    for (const [name, text] of Object.entries(said.sums)) out(name, text);
  };
  const hero = first('.hero img');
  const wide = matchMedia('(min-width: 60rem)').matches;
  const load = (input) => Object.assign(new Image(), { src: input.dataset[wide ? 'full' : 'pic'] });
  const show = (input) => {
    if (!hero || !input.checked || !input.dataset.pic) return;
    const swap = () => {
      if (!input.checked) return;
      hero.previousElementSibling.srcset = input.dataset.full;
      hero.src = input.dataset.pic;
      hero.alt = input.dataset.alt;
      out('hero', input.dataset.label);
    };
    load(input).decode().then(swap, swap);
  };
  const changed = (input) => {
    if (isNumber(input) && !input.validity.valid) input.value = Math.max(0, Math.min(input.max, Math.trunc(input.value)));
    guess();
    show(input);
    keep();
    ask();
  };
  document.addEventListener('input', ({ target }) => { if (inputs.includes(target)) changed(target); });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && isNumber(event.target)) event.preventDefault();
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('.ask, .about a');
    const button = event.target.closest('.steps button');
    if (button) {
      const input = button.parentElement.querySelector('input');
      input[button.value]();
      changed(input);
    }
    if (!link) return;
    event.preventDefault();
    position.value = new URL(link.href).searchParams.get('zu') ?? '';
    about.hidden = !position.value;
    out('about', link.lastElementChild?.textContent.slice(2));
    keep();
    first('textarea').focus();
  });
  for (const button of all('.steps button')) button.hidden = false;
  // the browser may bring back an earlier choice
  addEventListener('pageshow', () => {
    if (`${chosen()}` !== `${known}`) { guess(); inputs.forEach(show); ask(); }
  });
  // the other pictures, so that a choice is seen at once
  addEventListener('load', () => (window.requestIdleCallback ?? setTimeout)(() => {
    inputs.filter((input) => input.dataset.pic).forEach(load);
  }));
}
