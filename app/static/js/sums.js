// The sums over the sheet follow its cells; further rows arrive before the eye does; groups fold.
import { sheet, table } from './cells.js';
import { revealAll } from './far.js';
import { ask, parse } from './shared.js';

let timer = 0;

export function refreshSums() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const answer = await ask(sheet().dataset.sums, null, { quiet: true });
    if (!answer.ok) return;
    const fresh = parse(answer.html);
    for (const part of ['.ltabs', '.chips', '#count']) {
      const now = fresh.querySelector(part);
      if (now) { sheet().querySelector(part)?.replaceWith(now); window.htmx?.process(sheet().querySelector(part)); }
    }
    const total = fresh.querySelector('tr.sum');
    if (total) table()?.querySelector('tr.sum')?.replaceWith(total);
    for (const row of fresh.querySelectorAll('tr.grp')) {
      const old = table()?.querySelector(`tr.grp[data-group="${CSS.escape(row.dataset.group)}"]`);
      if (!old) continue;
      const shut = old.querySelector('[data-fold]').getAttribute('aria-expanded') === 'false';
      old.replaceWith(row);
      if (shut) row.querySelector('[data-fold]').setAttribute('aria-expanded', 'false');
    }
  }, 450);
}

// ── further rows ── asked for when their place is less than two screens away; htmx asks only once
export function watchMore() {
  const more = document.querySelector('[data-more]');
  if (more && more.getBoundingClientRect().top < innerHeight * 3) window.htmx.trigger(more, 'more');
}
document.addEventListener('scroll', watchMore, { capture: true, passive: true });
addEventListener('resize', watchMore, { passive: true });

// ── groups ──
const folded = new Set();

export function fold(button) {
  const row = button.closest('tr');
  const shut = button.getAttribute('aria-expanded') === 'true';
  button.setAttribute('aria-expanded', String(!shut));
  shut ? folded.add(row.dataset.group) : folded.delete(row.dataset.group);
  applyFolds();
  document.dispatchEvent(new CustomEvent('sheet:folded'));
}

export function applyFolds() {
  if (!folded.size && !table()?.querySelector('.shut')) return;
  revealAll();
  let shut = false;
  for (const row of table()?.querySelectorAll('tr.grp, tr[data-id]') ?? []) {
    if (row.matches('.grp')) {
      shut = folded.has(row.dataset.group);
      row.querySelector('[data-fold]').setAttribute('aria-expanded', String(!shut));
    } else row.classList.toggle('shut', shut);
  }
}
