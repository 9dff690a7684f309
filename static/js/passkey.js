// Passkeys need a script. Controls for them are hidden without it; a cancelled or failed attempt says so in words.
for (const part of document.querySelectorAll('[data-passkey]')) part.hidden = !window.PublicKeyCredential;

document.addEventListener('allauth.error', (event) => {
  event.preventDefault();
  const note = document.querySelector('[data-passkey-error]');
  if (!note) return;
  note.hidden = false;
  note.focus();
});
