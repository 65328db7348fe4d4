// Chosen rows: their sums, as Excel shows them, and what can be done with them.
import { address, current, everyRow, inSight, rowOf, rows, table, typed } from './cells.js';
import { ask, openDialog, parse, say, t } from './shared.js';
import { renumber, take } from './saving.js';
import { refreshSums } from './sums.js';

let last = null;

// What was chosen stays so when it is folded away, and the bar says it.
export const chosen = () => everyRow().filter((row) => row.classList.contains('sel'));
const pairs = (list) => list.map((row) => `${row.dataset.id}:${row.dataset.version}`).join(',');

export function toggle(row, on = !row.classList.contains('sel'), { through = false } = {}) {
  const all = rows();
  const span = through && all.includes(last) ? all.slice(Math.min(all.indexOf(last), all.indexOf(row)), Math.max(all.indexOf(last), all.indexOf(row)) + 1) : [row];
  for (const one of span) {
    const box = one.querySelector('.c1 input');
    if (!box) continue;
    box.checked = on;
    one.classList.toggle('sel', on);
    one.setAttribute('aria-selected', String(on));
  }
  last = row;
  draw();
}

export function clear() {
  for (const row of chosen()) toggle(row, false);
  last = null;
}

function draw() {
  const bar = document.getElementById('selbar');
  if (!bar) return;
  const list = chosen();
  bar.hidden = !list.length;
  document.getElementById('statebar').hidden = !!list.length;
  const folded = list.filter((row) => !inSight(row)).length;
  document.getElementById('selcount').textContent = folded ? t('chosenFolded', { n: list.length, folded }) : t('chosen', { n: list.length });
  document.getElementById('selsums').replaceChildren(...sums(list));
  for (const move of bar.querySelectorAll('[data-move]')) move.disabled = list.length !== 1;
}

// Sums of the columns of money over the chosen rows; a blank adds nothing.
function sums(list) {
  const found = [];
  for (const heading of table().querySelectorAll('thead [data-sum]')) {
    const at = Number(heading.dataset.at);
    const figures = list.map((row) => Number(typed(row.cells[at]).replaceAll(',', ''))).filter((n) => Number.isFinite(n));
    const known = list.filter((row) => !row.cells[at].querySelector('.nil')).length;
    if (!known) continue;
    const total = figures.reduce((a, b) => a + b, 0);
    const part = document.createElement('span');
    part.append(`${heading.textContent.trim()} `, Object.assign(document.createElement('b'), { textContent: total.toLocaleString('en', { maximumFractionDigits: 2 }) }));
    found.push(part);
  }
  return found.slice(0, 4);
}

async function post(address_, list, extra = {}) {
  const answer = await ask(address_, { rows: pairs(list), view: address(), ...extra }, { stay: true });
  if (!answer.ok) say(parse(answer.html).body.textContent.trim() || t('offline'), { bad: true });
  return answer;
}

export async function remove(list = chosen()) {
  if (!list.length) return;
  const answer = await post('/projects/remove', list);
  if (!answer.ok) return;
  clear();
  for (const row of list) row.classList.add('gone');
  renumber();
  refreshSums();
  const away = setTimeout(() => { for (const row of list) if (row.classList.contains('gone')) row.remove(); }, 9000);
  say(t('deleted', { n: list.length }), { label: t('undo'), seconds: 9, act: async () => {
    clearTimeout(away);
    const back = await post('/projects/restore', list);
    if (back.ok) { take(back.html); renumber(); say(t('restored')); }
  } });
}

export async function duplicate(list = chosen()) {
  if (!list.length) return;
  const answer = await post('/projects/duplicate', list);
  if (!answer.ok) return;
  clear();
  take(answer.html);
  renumber();
  say(t('duplicated', { n: list.length }));
}

document.addEventListener('change', (event) => {
  if (event.target.matches('#grid .c1 input')) toggle(rowOf(event.target), event.target.checked, { through: event.target.dataset.through === '1' });
});

document.addEventListener('click', (event) => {
  const box = event.target.closest('#grid .c1 input');
  if (box) box.dataset.through = event.shiftKey ? '1' : '';
  if (event.target.closest('[data-unselect]')) clear();
  if (event.target.closest('[data-remove]')) remove();
  if (event.target.closest('[data-duplicate]')) duplicate();
  if (event.target.closest('[data-bulk]')) openDialog(`/projects/bulk?${new URLSearchParams({ view: address(), rows: pairs(chosen()) })}`);
  const move = event.target.closest('#selbar [data-move]');
  if (move && chosen().length) openDialog(`/projects/${chosen()[0].dataset.id}/move?to=${move.dataset.move}`);
});

export function chooseCurrent() {
  const cell = current();
  if (cell && rowOf(cell).querySelector('.c1 input')) toggle(rowOf(cell));
}
for (const event of ['sheet:changed', 'sheet:folded']) document.addEventListener(event, draw);
