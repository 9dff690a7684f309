// Customer pages: an answer that stood in view for a second has been read; without this file the button says so
const form = document.querySelector('form[data-read]');
const last = [...document.querySelectorAll('.msg .badge')].at(-1)?.closest('.msg');
if (form && last && 'IntersectionObserver' in window) {
  form.hidden = true;
  let timer;
  const read = () => {
    if (document.visibilityState !== 'visible') { timer = setTimeout(read, 1000); return; }
    observer.disconnect();
    fetch(form.action, { method: 'POST', body: new FormData(form), keepalive: true });
  };
  const observer = new IntersectionObserver(([entry]) => {
    clearTimeout(timer);
    if (entry.isIntersecting) timer = setTimeout(read, 1000);
  });
  observer.observe(last.querySelector('small'));
}
