// What every page needs: menus that close, dialogs that open from an address, and messages that go away by themselves.
import { say, openDialog, closeDialog } from './shared.js';

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

document.addEventListener('htmx:sendError', () => say(document.body.dataset.offline, { bad: true }));

// Tabs that do not fit beside each other: the one she is at is in view.
for (const tab of document.querySelectorAll('.rooms [aria-current]')) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 40;
