// Back from a provider: look every few seconds whether it is settled, without moving what is being read.
const said = document.querySelector('[data-late]');
let looks = 12;
const look = async () => {
  const answer = await fetch(location.pathname).catch(() => null);
  if (answer?.redirected) location.replace(answer.url);
  else if (answer?.ok && !(await answer.text()).includes('data-late')) location.reload();
  else if (looks--) setTimeout(look, 4000);
  else said.textContent = said.dataset.late;
};
if (said) setTimeout(look, 2000);
