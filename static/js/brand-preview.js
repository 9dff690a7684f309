// The colour that is being chosen, on the whole page at once. Without a script the preview shows the saved one.
const input = document.querySelector('[data-brand]');
input?.addEventListener('input', () => document.documentElement.style.setProperty('--brand', input.value));
