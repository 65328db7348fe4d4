// Phases and parts under their parent: folding them, and what of it has to follow the rows.
import { reveal } from './far.js';

// What stands before a name: the control that folds, or whose child the row is.
export const BEFORE = ':scope > .tree, :scope > .of';

const kidsOf = (row) => {
  const found = [];
  for (let next = row?.nextElementSibling; next?.classList.contains('kid'); next = next.nextElementSibling) found.push(next);
  return found;
};
export const branchOf = (row) => row?.querySelector(':scope > .c2 [data-tree]') ?? null;

export function unfold(row, open) {
  const button = branchOf(row);
  if (!button) return;
  reveal(row.closest('tbody'));
  const wanted = open ?? button.getAttribute('aria-expanded') === 'false';
  button.setAttribute('aria-expanded', String(wanted));
  for (const kid of kidsOf(row)) kid.classList.toggle('tucked', !wanted);
  document.dispatchEvent(new CustomEvent('sheet:folded'));
}

// A new row stands below its original, but never between a parent and its children.
export function below(row, fresh) {
  let last = row;
  while (last.nextElementSibling?.classList.contains('kid')) last = last.nextElementSibling;
  last.after(fresh);
}

// How many stand under each parent now; one without children is a row like any other.
export function recount() {
  for (const button of document.querySelectorAll('#grid [data-tree]')) {
    const living = kidsOf(button.closest('tr')).filter((kid) => !kid.classList.contains('gone')).length;
    button.firstChild.data = living;
    button.hidden = !living;
  }
}

// A cell of the name that was written anew keeps what stands before the name.
export function carry(was, fresh) {
  const kept = was.querySelector(BEFORE);
  if (kept) fresh.prepend(kept.cloneNode(true));
}
