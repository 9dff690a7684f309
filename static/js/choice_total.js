// Choices in a form: the sum and the differences follow, worked out by the server (<form data-total="address">).
// Without this file a button works them out anew.
for (const form of document.querySelectorAll('form[data-total]')) {
  let asking;
  const put = (selector, text) => { for (const element of document.querySelectorAll(selector)) element.textContent = text; };
  const follow = async () => {
    asking?.abort();
    asking = new AbortController();
    const chosen = [...new FormData(form)].filter(([name]) => name.startsWith('wahl-'));
    try {
      const response = await fetch(`${form.dataset.total}?${new URLSearchParams(chosen)}`, { signal: asking.signal });
      if (!response.ok) return;
      const { total, prices } = await response.json();
      put('[data-out=total]', total);
      for (const [position, price] of Object.entries(prices)) put(`[data-price="${position}"]`, price);
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
  };
  form.addEventListener('change', (event) => { if (event.target.name.startsWith('wahl-')) follow(); });
  for (const button of form.querySelectorAll('[data-without-script]')) button.hidden = true;
}
