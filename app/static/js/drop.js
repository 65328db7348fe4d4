// A file dropped anywhere on the page goes into the form; the form works the same without this.
const form = document.querySelector('[data-drop]');
const input = form?.querySelector('input[type=file]');
const chosen = form?.querySelector('[data-chosen]');

function show() { if (chosen) chosen.textContent = input.files[0]?.name ?? ''; }

if (form) {
  input.addEventListener('change', show);
  for (const kind of ['dragover', 'dragenter']) document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    form.classList.add('over');
  });
  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) form.classList.remove('over'); });
  document.addEventListener('drop', (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    form.classList.remove('over');
    input.files = event.dataTransfer.files;
    show();
  });
}
