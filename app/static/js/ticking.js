// A box that ticks all others beside it; without this module it stays hidden.
for (const all of document.querySelectorAll('[data-ticks]')) {
  const boxes = [...all.closest('table, .ticks').querySelectorAll('input[type=checkbox]:not([data-ticks])')];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.hidden = false;
  all.closest('label')?.removeAttribute('hidden');
  all.addEventListener('change', () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener('change', show);
  show();
}
