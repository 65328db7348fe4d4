// The project beside the table, without losing the place.
import { address, go, rowById, rowOf, rows } from './cells.js';
import { ask } from './shared.js';

const panel = () => document.getElementById('panel');
const narrow = matchMedia('(max-width: 700px)');
export const panelOpen = () => panel() && !panel().hidden;

export async function openPanel(id) {
  if (!panel() || narrow.matches) { location.assign(`/projects/${id}`); return; }
  const answer = await ask(`/projects/${id}/panel?${new URLSearchParams({ view: address() })}`);
  if (!answer.ok) { location.assign(`/projects/${id}`); return; }
  panel().innerHTML = answer.html;
  panel().hidden = false;
  panel().dataset.id = id;
  window.htmx?.process(panel());
  mark(id);
}

export function closePanel() {
  if (!panelOpen()) return false;
  panel().hidden = true;
  const row = rowById(panel().dataset.id);
  mark(null);
  if (row) go(row.querySelector('.c2'));
  return true;
}

function mark(id) {
  for (const row of document.querySelectorAll('#grid tr.open')) row.classList.remove('open');
  const row = id && rowById(id);
  if (row) { row.classList.add('open'); row.scrollIntoView({ block: 'nearest' }); }
}

export function neighbour(by) {
  const all = rows();
  const at = all.indexOf(rowById(panel().dataset.id));
  const row = all[at + by];
  if (row) openPanel(row.dataset.id);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('#grid a[data-panel]');
  if (link && !narrow.matches && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    openPanel(rowOf(link).dataset.id);
  }
  if (event.target.closest('[data-panel-close]')) closePanel();
  const to = event.target.closest('[data-panel-step]');
  if (to) neighbour(Number(to.dataset.panelStep));
});
document.addEventListener('sheet:changed', () => { if (panelOpen()) openPanel(panel().dataset.id); });
