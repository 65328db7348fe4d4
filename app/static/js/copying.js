// Copying a text that is shown once. On plain http the clipboard is closed to scripts; there the old way still works.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand('copy'); }
  button.textContent = button.dataset.copied;
});
