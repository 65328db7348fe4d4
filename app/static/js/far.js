// Rows far from the eye take their place and cost nothing: a ledger of thousands of rows is laid out a few screens at a time.
import { table } from './cells.js';

let watcher = null;
let watched = null;

export function watchFar() {
  const grid = table();
  if (!grid) return;
  if (watched !== grid) {
    watcher?.disconnect();
    watched = grid;
    const scroller = grid.closest('.lgwrap');
    const root = getComputedStyle(scroller).overflowY === 'visible' ? null : scroller;
    watcher = new IntersectionObserver((seen) => { for (const one of seen) one.isIntersecting ? reveal(one.target) : away(one.target); }, { root, rootMargin: '2400px 0px' });
  }
  for (const body of grid.tBodies) if (!body.matches('.sums, .more')) watcher.observe(body);
}

// Group rows stay, so that the one above the eye still names its group; what is being typed or was refused stays too.
function away(body) {
  if (body.matches('.far') || body.rows.length < 40 || body.querySelector('td.edit, td.no, td.busy') || body.contains(document.activeElement)) return;
  const groups = [...body.querySelectorAll('.grp')].reduce((sum, row) => sum + row.offsetHeight, 0);
  const place = document.createElement('tr');
  place.className = 'place';
  place.append(document.createElement('td'));
  place.firstChild.colSpan = body.rows[0].cells.length;
  place.firstChild.style.height = `${body.offsetHeight - groups}px`;
  body.classList.add('far');
  body.append(place);
}

export function reveal(body) {
  if (!body?.matches('.far')) return;
  body.querySelector('tr.place').remove();
  body.classList.remove('far');
}

export function revealAll() {
  for (const body of document.querySelectorAll('#grid tbody.far')) reveal(body);
}
addEventListener('beforeprint', revealAll);
