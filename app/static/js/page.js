// What every page needs: menus that close, dialogs that open from an address, and messages that go away by themselves.
import { ask, closeDialog, dialog, fillDialog, go, openDialog, parse, say } from './shared.js';

document.addEventListener('click', (event) => {
  for (const open of document.querySelectorAll('details.drop[open]')) if (!open.contains(event.target) || event.target.closest('.menu a, .menu button')) open.open = false;
  const opener = event.target.closest('[data-dialog]');
  if (opener && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openDialog(opener.dataset.dialog || opener.getAttribute('href'), opener);
  }
  if (event.target.closest('#dialog [data-close]')) { event.preventDefault(); closeDialog(); }
  if (event.target.closest('[data-print]')) window.print();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const open = document.querySelector('details.drop[open]');
  if (open) { open.open = false; open.querySelector('summary').focus(); event.stopPropagation(); }
}, true);

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select, [contenteditable]');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector('[data-search]');
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});

// What cannot be undone by a click is asked first, before anything else hears of it; without a yes nothing is sent.
document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-confirm]') || window.confirm(event.target.dataset.confirm)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// A form in the dialog is answered in the dialog: a refusal stands at its fields, and a chosen file stays chosen.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches('#dialog form[method=post]:not([hx-post], [data-answer], [data-new])')) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = '1';
  const body = new FormData(form, event.submitter);
  const whole = form.enctype === 'multipart/form-data' ? body : new URLSearchParams(body);
  const answer = await ask(form.getAttribute('action'), whole, { stay: true });
  if (answer.status !== 401 && answer.to) { go(answer.to); return; }
  delete form.dataset.sending;
  if (answer.status === 401) say(document.body.dataset.session, { bad: true, seconds: 12 });
  else if (answer.html.includes('<form')) answered(answer.html);
  else say(parse(answer.html).body.textContent.trim() || document.body.dataset.offline, { bad: true, seconds: 12 });
});

function answered(html) {
  const chosen = [...dialog().querySelectorAll('input[type=file]')].filter((input) => input.files.length);
  fillDialog(html);
  for (const input of chosen) {
    const again = dialog().querySelector(`input[type=file][name="${input.name}"]`);
    if (again) again.files = input.files;
  }
}

// Esc does not throw away what was typed into the dialog without asking.
document.addEventListener('keydown', (event) => {
  const box = dialog();
  if (event.key !== 'Escape' || event.isComposing || !box?.open || !box.contains(event.target) || !typedIn(box)) return;
  event.preventDefault();
  if (window.confirm(box.dataset.leave)) closeDialog();
});

function typedIn(box) {
  const told = [...box.querySelectorAll('form :is(input:not([type=hidden], [type=radio], [type=checkbox]), textarea)')];
  return told.some((field) => (field.type === 'file' ? field.files.length > 0 : field.value !== field.defaultValue || (field.value && box.querySelector('[aria-invalid=true]'))));
}

// Choices that change what a button would do are applied before it is pressed: until then it says so.
document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-holds]');
  const held = form && document.querySelector(form.dataset.holds);
  if (!held) return;
  held.disabled = true;
  held.textContent = form.dataset.held;
  form.querySelector('.acts .act').classList.add('primary');
});

document.addEventListener('htmx:sendError', () => say(document.body.dataset.offline, { bad: true }));

// Tabs that do not fit beside each other: the one she is at is in view.
for (const tab of document.querySelectorAll('.rooms [aria-current]')) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 40;
