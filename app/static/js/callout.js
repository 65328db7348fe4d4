// A callout stands beside its cell and covers only its own row, to the right; never the next row, where the hand goes next.
const shown = new Map();

export function callout(cell, html, { err = false, alert = false } = {}) {
  closeCallout(cell);
  const box = document.createElement('div');
  box.className = err ? 'call err' : 'call';
  box.popover = 'manual';
  box.setAttribute('role', alert ? 'alert' : 'status');
  box.innerHTML = html;
  document.body.append(box);
  box.showPopover();
  shown.set(cell, box);
  place(cell, box);
  return box;
}

export function place(cell, box = shown.get(cell)) {
  if (!box) return;
  const at = cell.getBoundingClientRect();
  box.style.visibility = inView(cell, at) ? '' : 'hidden';
  const size = box.getBoundingClientRect();
  let left = at.right + 7;
  if (left + size.width > innerWidth - 8) left = Math.max(8, at.left - size.width - 7);
  let top = Math.min(at.top - 1, innerHeight - size.height - 8);
  if (left < at.right && left + size.width > at.left) top = at.top - size.height - 4 > 0 ? at.top - size.height - 4 : at.bottom + 4;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(8, top)}px`;
}

// A cell that has been scrolled under the header, the first columns or out of the sheet takes its callout with it.
function inView(cell, at) {
  const sheet = cell.closest('.lgwrap')?.getBoundingClientRect();
  if (!sheet || cell.matches('.c0, .c1, .c2')) return true;
  const name = cell.parentElement.querySelector('.c2')?.getBoundingClientRect().right ?? sheet.left;
  return at.left >= name - 4 && at.right <= sheet.right + 4 && at.top >= sheet.top && at.bottom <= sheet.bottom + 4;
}

export function closeCallout(cell) {
  shown.get(cell)?.remove();
  shown.delete(cell);
}

export const calloutOf = (cell) => shown.get(cell) ?? null;

function follow() {
  for (const [cell, box] of shown) cell.isConnected ? place(cell, box) : closeCallout(cell);
}
addEventListener('scroll', follow, { capture: true, passive: true });
addEventListener('resize', follow, { passive: true });
