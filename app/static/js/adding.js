// A new project from the dialog: refused, the form comes back with what was typed; saved, the ledger shows it.
import { sheet } from './cells.js';
import { ask, closeDialog, fillDialog, openDialog, say, t } from './shared.js';

document.addEventListener('submit', async (event) => {
  const form = event.target.closest('#dialog form[data-new]');
  if (!form) return;
  event.preventDefault();
  const more = event.submitter?.name === 'more';
  const answer = await ask('/projects', new URLSearchParams(new FormData(form)), { stay: true });
  if (!answer.ok) { answer.html ? fillDialog(answer.html) : say(t('offline'), { bad: true }); return; }
  const id = new DOMParser().parseFromString(answer.html, 'text/html').querySelector('[data-added]')?.dataset.added;
  closeDialog();
  await reload();
  say(t('added'));
  const row = document.querySelector(`#grid tr[data-id="${id}"]`);
  row?.scrollIntoView({ block: 'center' });
  row?.classList.add('open');
  if (more) openDialog(document.querySelector('a[data-dialog][href^="/projects/new"]').getAttribute('href'));
});

// The same view again; only the ledger is changed, so nothing else moves.
export function reload() {
  return window.htmx.ajax('GET', sheet().dataset.ledger, { target: '#ledger', swap: 'outerHTML show:none' });
}
