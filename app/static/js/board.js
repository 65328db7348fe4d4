// The board: cards are dragged, or moved with Shift and an arrow; what is refused opens the form that says what is missing.
import { ask, fillDialog, parse, say } from './shared.js';

const board = () => document.querySelector('[data-board]');
const cardOf = (target) => target.closest?.('[data-lead]');
let held = null;

if (document.querySelector('[data-print-now]')) window.print();

document.addEventListener('dragstart', (event) => {
  held = cardOf(event.target);
  if (!held) return;
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', held.dataset.lead);
  held.classList.add('held');
});
document.addEventListener('dragend', () => {
  held?.classList.remove('held');
  mark(null);
  held = null;
});
document.addEventListener('dragover', (event) => {
  const lane = event.target.closest?.('[data-stage].lane');
  if (!held || !lane) return;
  event.preventDefault();
  mark(lane.dataset.stage === held.dataset.stage ? null : lane);
});
document.addEventListener('drop', (event) => {
  const lane = event.target.closest?.('[data-stage].lane');
  if (!held || !lane) return;
  event.preventDefault();
  if (lane.dataset.stage !== held.dataset.stage) move(held, lane.dataset.stage);
});

function mark(lane) {
  for (const over of document.querySelectorAll('.lane.over')) if (over !== lane) over.classList.remove('over');
  lane?.classList.add('over');
}

document.addEventListener('keydown', (event) => {
  const card = cardOf(event.target);
  if (!card || event.ctrlKey || event.metaKey || event.altKey || !event.key.startsWith('Arrow') || event.target.closest('.menu')) return;
  const lanes = [...document.querySelectorAll('.lane')];
  const at = lanes.findIndex((lane) => lane.contains(card));
  const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  event.preventDefault();
  if (event.shiftKey) {
    const to = lanes[at + aside];
    if (aside && to && card.draggable) move(card, to.dataset.stage);
    return;
  }
  if (!aside) return focusOn((event.key === 'ArrowDown' ? card.nextElementSibling : card.previousElementSibling));
  const cards = [...lanes[at].querySelectorAll('[data-lead]')];
  for (let n = at + aside; lanes[n]; n += aside) {
    const there = lanes[n].querySelectorAll('[data-lead]');
    if (there.length) return focusOn(there[Math.min(cards.indexOf(card), there.length - 1)]);
  }
});

function focusOn(card) {
  card?.querySelector('.t a, a')?.focus();
}

// A move carries the version. Done: the board is fetched anew, with its counts; refused: the form, filled with what is asked for.
async function move(card, stage) {
  const { lead, version } = card.dataset;
  const address = board().dataset.board;
  card.classList.add('busy');
  const answer = await ask(`/leads/${lead}/move?to=${stage}&next=${encodeURIComponent(address)}`, { version }, { quiet: true });
  card.classList.remove('busy');
  if (!answer.ok) {
    if (answer.html) fillDialog(answer.html);
    else say(document.body.dataset.offline, { bad: true });
    return;
  }
  const fresh = await ask(`${address}${address.includes('?') ? '&' : '?'}moved=${lead}`);
  const made = fresh.ok && parse(fresh.html).getElementById('leads');
  if (!made) { location.reload(); return; }
  document.getElementById('leads').replaceWith(made);
  window.htmx?.process(made);
  focusOn(document.getElementById(`lead-${lead}`));
  say(made.dataset.moved, { seconds: 3 });
}
