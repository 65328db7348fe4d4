// The fields that a column or a label may mean: found by their words, their initials and their pinyin.
import { Options } from './options.js';

const all = [...document.querySelectorAll('#fields option')].map((o) => ({ value: o.value, word: o.value, keys: o.dataset.k ?? '' }));
let open = null;

function close() {
  open?.options.close();
  open = null;
}

function enter(input) {
  close();
  input.removeAttribute('list'); // the browser's own list knows no pinyin
  const before = input.value;
  const options = new Options(input, { closed: true, options: all }, (option) => { input.value = option.word; close(); });
  open = { input, before, options };
  return options;
}

const isField = (node) => node?.matches?.('#mapping input.field');

// Taken whole when it is entered, so that typing searches the list instead of appending.
function begin(input) {
  input.select();
  enter(input).filter(input.value, true);
}

// She was faster than the script: what she typed behind the word that stood there is what she searches for.
function catchUp(input) {
  if (input.value === input.defaultValue) { begin(input); return; }
  if (input.value.startsWith(input.defaultValue)) input.value = input.value.slice(input.defaultValue.length);
  enter(input).filter(input.value);
}

document.addEventListener('focusin', (event) => { if (isField(event.target)) begin(event.target); });
if (isField(document.activeElement)) catchUp(document.activeElement);
document.addEventListener('input', (event) => { // typed on after one was chosen
  if (isField(event.target) && event.target !== open?.input) enter(event.target).filter(event.target.value);
});

document.addEventListener('focusout', (event) => {
  if (event.target !== open?.input) return;
  const { input, before, options } = open;
  const typed = input.value.trim();
  if (typed && typed !== before && !all.some((o) => o.word === typed) && options.picked) input.value = options.picked.word;
  close();
});

document.addEventListener('keydown', (event) => {
  if (event.target !== open?.input) return;
  const { input, before, options } = open;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') options.move(event.key === 'ArrowDown' ? 1 : -1);
  else if (event.key === 'Enter' && options.picked && options.picked.word !== input.value) { input.value = options.picked.word; close(); }
  else if (event.key === 'Escape') { input.value = before; close(); }
  else return;
  event.preventDefault();
});
