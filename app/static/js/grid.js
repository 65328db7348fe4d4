// The sheet under the hands: one listener on the page for every table that will ever be in it.
import { cellOf, current, go, leaveRange, next, range, rowOf, rows, several, step, table } from './cells.js';
import { callout, closeCallout } from './callout.js';
import { chooseCurrent, chosen, clear } from './choosing.js';
import { edit, editing } from './editor.js';
import { closePanel, neighbour, openPanel, panelOpen } from './panel.js';
import './adding.js';
import './pasting.js';
import { fill, undo } from './saving.js';
import { fillDialog, dialog, say, t } from './shared.js';
import { watchFar } from './far.js';
import { applyFolds, fold, watchMore } from './sums.js';
import { branchOf, unfold } from './tree.js';

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0], PageDown: [15, 0], Home: [0, -999], End: [0, 999] };

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || dialog()?.open) return;
  const typing = event.target.closest('input:not([type=checkbox]), textarea, select');
  if (typing) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === 'z' && table()?.dataset.edits !== undefined) { event.preventDefault(); undo(); return; }
  if (event.key === '?' && !command) { event.preventDefault(); help(); return; }
  if (event.key === 'Escape') { escape(event); return; }
  if (panelOpen() && !command && (event.key === 'j' || event.key === 'k')) { event.preventDefault(); neighbour(event.key === 'j' ? 1 : -1); return; }
  const cell = cellOf(event.target);
  if (cell && cell === event.target) inSheet(event, cell, command);
});

function inSheet(event, cell, command) {
  const by = ARROWS[event.key];
  if (by && !event.altKey) {
    event.preventDefault();
    const far = command && !event.key.startsWith('Page') ? [by[0] * 1e6, by[1] * 1e6] : by;
    go(step(cell, far[0], far[1]), { extend: event.shiftKey });
  } else if (event.key === 'Tab') {
    const to = next(cell, event.shiftKey ? -1 : 1);
    if (to) { event.preventDefault(); go(to); }
  } else if (event.key === 'Enter' || event.key === 'F2') {
    event.preventDefault();
    openCell(cell, event.key === 'F2');
  } else if (event.key === ' ') {
    event.preventDefault();
    chooseCurrent();
  } else if ((event.key === 'Delete' || event.key === 'Backspace') && !command) {
    event.preventDefault();
    const open = range().flat().filter((c) => c.dataset.field && c.dataset.field !== 'name');
    if (open.length) fill(open, '');
  } else if (command || event.altKey) {
    return;
  } else if (['+', '=', '-'].includes(event.key) && cell.matches('.c2') && branchOf(rowOf(cell))) {
    event.preventDefault();
    unfold(rowOf(cell), event.key !== '-');
  } else if (event.key === 'o' && !cell.dataset.field) {
    openPanel(rowOf(cell).dataset.id);
  } else if (cell.dataset.field && !cell.matches('.c2') && (event.key.length === 1 || event.key === 'Process' || event.key === 'Unidentified')) {
    // An input method begins its word in the editor that opens under it; the key itself is typed by the browser.
    edit(cell, '');
  } else if (cell.dataset.closed && event.key.length === 1) {
    say(cell.dataset.closed, { seconds: 4 });
  }
}

function openCell(cell, change) {
  if (cell.matches('.c2') && !change) openPanel(rowOf(cell).dataset.id);
  else if (cell.matches('.c0')) explain(cell);
  else if (cell.dataset.field) edit(cell, cell.dataset.typed ?? null);
  else say(cell.dataset.closed ?? t('noEdit'), { seconds: 4 });
}

// A light answers "why?".
function explain(cell) {
  const text = cell.querySelector('.rs')?.textContent;
  if (text) callout(cell, '').textContent = text;
}

function escape(event) {
  if (several()) leaveRange();
  else if (panelOpen()) closePanel();
  else if (chosen().length) clear();
  else if (cellOf(event.target)) event.target.blur();
}

function help() {
  const keys = document.getElementById('keys');
  if (keys) fillDialog(keys.innerHTML);
}

// ── mouse: a click opens a cell that can be typed into, a drag chooses several ──
let pressed = null;
document.addEventListener('pointerdown', (event) => {
  if (event.pointerType === 'touch' || event.button !== 0) return;
  const cell = cellOf(event.target);
  if (!cell || event.target.closest('input, textarea, button')) return;
  pressed = { cell, dragged: false };
  if (event.shiftKey && current()) { event.preventDefault(); go(cell, { extend: true }); pressed.dragged = true; }
  else if (!event.target.closest('a')) go(cell);
});
document.addEventListener('pointerover', (event) => {
  if (!pressed || !(event.buttons & 1)) return;
  const cell = cellOf(event.target);
  if (cell && cell !== pressed.cell && !editing()) { pressed.dragged = true; getSelection().removeAllRanges(); go(cell, { extend: true }); }
});
document.addEventListener('click', (event) => {
  const foldable = event.target.closest('[data-fold]');
  if (foldable) fold(foldable);
  const branch = event.target.closest('[data-tree]');
  if (branch) unfold(rowOf(branch));
  if (event.target.closest('[data-keys]')) help();
  const cell = cellOf(event.target);
  const dragged = pressed?.dragged;
  pressed = null;
  if (!cell || dragged || event.target.closest('a, input, textarea, button')) return;
  if (cell.matches('.c0')) explain(cell);
  else if (cell.matches('.c1')) chooseCurrent();
  else if (cell.dataset.field && !cell.matches('.c2')) edit(cell, cell.dataset.typed ?? null);
  else if (cell.dataset.closed) say(cell.dataset.closed, { seconds: 4 });
});
document.addEventListener('dblclick', (event) => {
  const cell = cellOf(event.target);
  if (cell?.matches('.c2[data-field]') && !event.target.closest('a')) edit(cell);
});
document.addEventListener('focusout', (event) => {
  const cell = cellOf(event.target);
  if (cell?.matches('.c0')) closeCallout(cell);
});

// ── a table has come: its first cell can be reached, its further rows are watched ──
function ready() {
  const grid = table();
  if (!grid) return;
  if (!grid.querySelector('[tabindex="0"]')) { const first = rows()[0]?.querySelector('.c2'); if (first) first.tabIndex = 0; }
  applyFolds();
  watchMore();
  watchFar();
}
document.addEventListener('htmx:afterSettle', ready);
ready();
if (new URLSearchParams(location.search).has('print')) window.print();

document.addEventListener('focusin', (event) => {
  const cell = cellOf(event.target);
  if (cell && cell === event.target && cell !== current()) go(cell, { focus: false });
});
