// The cells of the sheet: finding them, what is typed in them, moving between them, choosing several.
import { reveal } from './far.js';

export const sheet = () => document.getElementById('ledger');
export const table = () => document.getElementById('grid');
export const wrap = () => document.getElementById('sheet');
export const rowOf = (cell) => cell?.closest('tr[data-id]') ?? null;
export const rowById = (id) => table()?.querySelector(`tr[data-id="${id}"]`) ?? null;
export const everyRow = () => [...(table()?.querySelectorAll('tr[data-id]:not(.gone)') ?? [])];
export const inSight = (row) => !row.matches('.shut, .tucked');
export const rows = () => everyRow().filter(inSight);
export const cellOf = (node) => node?.closest?.('#grid tr[data-id] > td, #grid tr[data-id] > th') ?? null;
export const byField = (row, field) => [...(row?.cells ?? [])].find((cell) => cell.dataset.field === field) ?? null;
export const address = () => sheet().dataset.ledger;
export const unit = () => sheet().dataset.unit;
// Where cells are understood and saved: the projects, or a month of theirs.
export const cellsAt = () => sheet().dataset.cells ?? '/projects';

// Kind of each field that can be typed: "yuan", "month", "long" …, from data-kinds="field:kind,…" of the table.
export function kindOf(field) {
  const found = (table().dataset.kinds ?? '').split(',').find((pair) => pair.startsWith(`${field}:`));
  return found ? found.split(':')[1] : 'text';
}

// What a person would have typed to have this value; for a choice its code.
export function typed(cell) {
  if (cell.dataset.v !== undefined) return cell.dataset.v;
  if (cell.matches('.c2')) return (cell.querySelector('a') ?? cell.lastChild ?? cell).textContent;
  return cell.textContent;
}

// What stands in the cell for a reader and for Excel: words for codes, plain digits for figures, nothing for a blank.
export function plain(cell) {
  if (cell.matches('.c1')) return cell.querySelector('.no')?.textContent ?? '';
  if (cell.querySelector('.nil')) return '';
  if (cell.matches('.n')) return (cell.querySelector('.pc b')?.textContent ?? cell.dataset.v ?? cell.textContent).replaceAll(',', '');
  if (cell.matches('.c2')) return typed(cell);
  return (cell.querySelector('.lt, .ps') ?? cell).textContent;
}

// ── where we are ──
let here = null;
let anchor = null;

export const current = () => (here?.isConnected ? here : null);

export function go(cell, { extend = false, focus = true } = {}) {
  if (!cell) return;
  if (here && here !== cell) here.tabIndex = -1;
  here = cell;
  if (!extend || !anchor?.isConnected) anchor = cell;
  cell.tabIndex = 0;
  reveal(cell.closest('tbody'));
  if (focus) cell.focus({ preventScroll: false });
  paintRange();
}

// A row was written anew: what stood in its old cell stands in the new one, the focus (lost when the old one went) too.
export function replaced(old, fresh, focused) {
  fresh.classList.toggle('rng', old.classList.contains('rng'));
  if (anchor === old) anchor = fresh;
  if (here !== old) return;
  here = fresh;
  fresh.tabIndex = 0;
  if (focused) fresh.focus({ preventScroll: true });
}

export function range() {
  const cell = current();
  if (!cell) return [];
  const all = rows();
  const [a, b] = [all.indexOf(rowOf(anchor)), all.indexOf(rowOf(cell))].sort((x, y) => x - y);
  const [from, to] = [anchor.cellIndex, cell.cellIndex].sort((x, y) => x - y);
  return all.slice(Math.max(a, 0), b + 1).map((row) => [...row.cells].slice(from, to + 1));
}

export const several = () => current() && anchor !== here;

function paintRange() {
  for (const cell of table().querySelectorAll('.rng')) cell.classList.remove('rng');
  if (several()) for (const line of range()) for (const cell of line) cell.classList.add('rng');
}

export function leaveRange() { anchor = here; paintRange(); }

export function step(cell, down, right) {
  const all = rows();
  const row = all[Math.min(all.length - 1, Math.max(0, all.indexOf(rowOf(cell)) + down))];
  const cells = [...row.cells];
  return cells[Math.min(cells.length - 1, Math.max(0, cell.cellIndex + right))];
}

// The next cell that can be typed into, over the end of the row; null at the end of the sheet.
export function next(cell, by) {
  const open = rows().flatMap((row) => [...row.cells].filter((c) => c.dataset.field));
  const at = open.indexOf(cell);
  if (at >= 0) return open[at + by] ?? null;
  const after = open.find((c) => cell.compareDocumentPosition(c) & Node.DOCUMENT_POSITION_FOLLOWING);
  return by > 0 ? after ?? null : open[open.indexOf(after) - 1] ?? null;
}
