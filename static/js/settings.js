// The colour that is being chosen, on the whole page at once. Without a script the preview shows the saved one.
const input = document.querySelector('[data-brand]');
input?.addEventListener('input', () => document.documentElement.style.setProperty('--brand', input.value));

// on the phone the list of pages is one line that scrolls sideways: begin at the page that is shown
document.querySelector('.set-nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
