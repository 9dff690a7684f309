// How many contacts fit, while a segment is put together. Without it the button "Zählen" says so.

const form = document.querySelector('[data-segment]');
let timer, running;

form?.addEventListener('input', (event) => {
  if (event.target.name === 'name') return;
  clearTimeout(timer);
  timer = setTimeout(count, 400);
});

async function count() {
  running?.abort();
  running = new AbortController();
  const asked = new URLSearchParams(new FormData(form));
  asked.delete('csrfmiddlewaretoken');
  asked.set('zaehlen', '1');
  try {
    const response = await fetch(`${location.pathname}?${asked}`, { signal: running.signal });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const fresh = page.querySelector('[data-preview]');
    if (fresh) form.querySelector('[data-preview]').replaceChildren(...fresh.childNodes);
  } catch { /* the next change came first, or no network */ }
}
