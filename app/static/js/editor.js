// Editing one cell in its place: the right control for its kind, and beside it what was understood.
import { cellsAt, go, kindOf, next, step, typed, unit } from './cells.js';
import { callout, closeCallout } from './callout.js';
import { offered, Options } from './options.js';
import { ask } from './shared.js';
import { restore, save } from './saving.js';

const READ = ['yuan', 'month', 'day', 'number', 'usd', 'state'];
let open = null;

export const editing = () => open;

// text: what to begin with instead of the value that is there (a key was struck, or a refused entry is taken up again).
export function edit(cell, text = null) {
  if (!cell?.dataset.field || cell.classList.contains('busy')) return;
  close();
  const field = cell.dataset.field;
  const kind = kindOf(field);
  const before = cell.cloneNode(true);
  before.classList.remove('no', 'rng', 'saved');
  if (cell.dataset.kept !== undefined) before.replaceChildren(...JSON.parse(cell.dataset.keptHtml).map(fromText));
  const start = text ?? startOf(cell);
  const input = document.createElement(kind === 'long' ? 'textarea' : 'input');
  input.value = start;
  input.setAttribute('aria-label', `${nameOf(cell)}`);
  input.autocomplete = 'off';
  input.spellcheck = false;
  open = { cell, field, kind, input, before, start, replaced: text !== null, options: null };
  closeCallout(cell);
  cell.classList.remove('no', 'saved');
  cell.classList.add('edit');
  cell.replaceChildren(input);
  go(cell, { focus: false });
  input.focus();
  text === null ? input.select() : input.setSelectionRange(input.value.length, input.value.length);
  const source = ['text', 'choice', 'state'].includes(kind) ? { ...offered(field), days: kind === 'state' } : { closed: false, options: [] };
  if (kind !== 'long' && (source.closed || (['text', 'state'].includes(kind) && source.options.length))) {
    open.options = new Options(input, source, (option) => { input.value = option.word; open.code = option; commit(1, 0); });
    open.options.filter(start, text === null);
  }
  input.addEventListener('keydown', keys);
  input.addEventListener('input', understand);
  input.addEventListener('blur', () => { if (open?.input === input) commit(0, 0, { stay: true }); });
  if (text) understand();
}

function fromText(html) { return document.createRange().createContextualFragment(html); }

function startOf(cell) {
  const list = document.getElementById(`list-${cell.dataset.field}`);
  if (list && !list.dataset.open) return [...list.options].find((o) => o.value === typed(cell))?.textContent ?? '';
  if (cell.querySelector('.nil')) return '';
  return typed(cell);
}

function nameOf(cell) {
  const row = cell.closest('tr');
  const heading = document.querySelector(`#grid thead [data-key="${cell.dataset.field}"]`)?.textContent ?? '';
  return `${heading} ${row.querySelector('.c2 a')?.textContent ?? ''}`.trim();
}

function keys(event) {
  if (event.isComposing || !open) return;
  const { options, kind } = open;
  const done = (down, right) => { event.preventDefault(); event.stopPropagation(); commit(down, right); };
  if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); cancel(); }
  else if (event.key === 'Enter' && !event.altKey && !(kind === 'long' && event.shiftKey)) done(event.shiftKey ? -1 : 1, 0);
  else if (event.key === 'Enter') { event.stopPropagation(); if (kind === 'long' && event.altKey) open.input.setRangeText('\n', open.input.selectionStart, open.input.selectionEnd, 'end'); }
  else if (event.key === 'Tab') done(0, event.shiftKey ? -1 : 1);
  else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && options?.now.length) { event.preventDefault(); options.move(event.key === 'ArrowDown' ? 1 : -1); }
  else if (event.key === 'ArrowDown' && kind !== 'long') done(1, 0);
  else if (event.key === 'ArrowUp' && kind !== 'long') done(-1, 0);
  else event.stopPropagation();
}

let asking = 0;
let timer = 0;

function understand() {
  if (!open) return;
  open.code = null;
  clearTimeout(timer);
  if (!READ.includes(open.kind) || (open.kind === 'state' && !/^\d/.test(open.input.value.trim()))) { closeCallout(open.cell); return; }
  timer = setTimeout(async () => {
    const now = open;
    if (!now) return;
    const text = now.input.value.trim();
    if (!text || text === now.start) { closeCallout(now.cell); return; }
    const mine = ++asking;
    const answer = await ask(`${cellsAt()}/understood?${new URLSearchParams({ field: now.field, text, unit: unit() })}`, null, { quiet: true });
    if (open !== now || mine !== asking || !answer.ok) return;
    answer.html.trim() ? callout(now.cell, answer.html) : closeCallout(now.cell);
  }, 120);
}

export function commit(down, right, { stay = false } = {}) {
  if (!open) return;
  const { cell, input, start, options, replaced, code } = open;
  let text = input.value;
  if (options?.source.closed && text.trim()) {
    const chosen = code ?? (text === start && !replaced ? null : options.picked);
    if (chosen) text = chosen.value;
  } else if (code) text = code.value;
  else if (options?.picked && options.at >= 0) text = options.picked.value;
  // An entry that was refused is sent again as it stands: the connection may be back, the session renewed.
  const again = cell.dataset.typed !== undefined;
  const changed = again || (text.trim() !== start.trim() && !(options?.source.closed && text === startCode(cell)));
  const target = stay ? null : right ? next(cell, right) : down ? step(cell, down, 0) : cell;
  close();
  if (changed) save(cell, text);
  if (target) go(target.isConnected ? target : cell);
}

const startCode = (cell) => cell.dataset.v;

export function cancel() {
  if (!open) return;
  const { cell } = open;
  close();
  if (cell.dataset.typed !== undefined) restore(cell);
  go(cell);
}

function close() {
  if (!open) return;
  const { cell, before, options } = open;
  clearTimeout(timer);
  open = null;
  options?.close();
  closeCallout(cell);
  cell.classList.remove('edit');
  cell.replaceChildren(...before.childNodes);
}
