// Saving: one row after the other, with the version that was read; the row comes back as it now stands.
import { address, byField, cellsAt, go, replaced, rowById, rowOf, table, typed, unit } from './cells.js';
import { callout, closeCallout, place } from './callout.js';
import { edit } from './editor.js';
import { ask, closeDialog, dialog, fillDialog, parse, say, t } from './shared.js';
import { refreshSums } from './sums.js';
import { BEFORE, below, carry, recount } from './tree.js';

const queues = new Map();
const undone = [];
let waiting = 0;

export function save(cell, text, { reason = '', undo = null } = {}) {
  const row = rowOf(cell);
  const job = { id: row.dataset.id, field: cell.dataset.field, text, reason, before: undo ?? held(cell), undo: undo !== null };
  if (cell.dataset.kept === undefined) keepShown(cell);
  show(cell, text);
  cell.classList.add('busy');
  state(t('saving'), 1);
  const turn = (queues.get(job.id) ?? Promise.resolve()).then(() => send(job));
  queues.set(job.id, turn);
  return turn;
}

// What the register holds, to come back to: a cell may offer what was said the month before, and hold nothing itself.
const held = (cell) => cell.dataset.was ?? typed(cell);

// Until the answer comes the cell shows what was typed; what was there is kept beside it, for paper and for taking back.
function keepShown(cell) {
  cell.dataset.kept = (cell.querySelector('a') ?? cell).textContent;
  cell.dataset.keptV = cell.dataset.v ?? '';
  cell.dataset.keptHtml = JSON.stringify([cell.innerHTML]);
}

function show(cell, text) {
  const option = [...(document.getElementById(`list-${cell.dataset.field}`)?.options ?? [])].find((o) => o.value === text);
  const before = cell.querySelector(BEFORE);
  cell.textContent = option?.textContent ?? text;
  if (before) cell.prepend(before);
}

// What the register has stands in the cell again; what was typed is given up.
export function restore(cell) {
  cell.innerHTML = JSON.parse(cell.dataset.keptHtml)[0];
  for (const name of ['kept', 'keptV', 'keptHtml', 'typed']) delete cell.dataset[name];
  cell.classList.remove('busy', 'no');
  cell.removeAttribute('aria-invalid');
  closeCallout(cell);
}

async function send(job) {
  const row = rowById(job.id);
  if (!row) { state('', -1); return; }
  const fields = { field: job.field, value: job.text, version: row.dataset.version, unit: unit(), view: address(), reason: job.reason };
  const answer = await ask(`${cellsAt()}/${job.id}/cells`, fields, { stay: true });
  state('', -1);
  const cell = byField(rowById(job.id), job.field);
  if (!cell) return;
  cell.classList.remove('busy');
  if (answer.ok) {
    closeCallout(cell);
    if (!job.undo) undone.push({ id: job.id, field: job.field, before: job.before });
    for (const name of ['kept', 'keptV', 'keptHtml', 'typed']) delete cell.dataset[name];
    cell.classList.remove('no');
    take(answer.html, { tick: [[job.id, job.field]] });
  } else if (answer.status === 412) {
    refuse(cell, job, `<p><b class="bad">${t('notSaved')}</b></p>`);
    const box = fillDialog(answer.html);
    box.dataset.cell = `${job.id}:${job.field}`;
  } else {
    refuse(cell, job, answer.status ? answer.html : `<p><b class="bad">${t('notSaved')}</b> ${t('offline')}</p>`, answer.status === 422);
  }
}

// What was typed stays in the cell; the message stands beside it with the ways out.
function refuse(cell, job, html, mayReason = false) {
  cell.classList.add('no');
  cell.setAttribute('aria-invalid', 'true');
  cell.dataset.typed = job.text;
  savedAt();
  const box = callout(cell, html, { err: true, alert: true });
  if (mayReason && box.querySelector('[data-reason]')) {
    const again = (reason) => { cell.classList.remove('no'); save(cell, job.text, { reason, undo: job.undo ? job.before : null }); go(cell); };
    askReason(cell, box, again, () => { restore(cell); go(cell); });
  }
  const ways = document.createElement('span');
  ways.append(button(t('again'), () => edit(cell, job.text)), button(t('takeBack'), () => { restore(cell); go(cell); }));
  (box.querySelector('p') ?? box).append(ways);
  place(cell);
}

function button(word, act) {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: 'linkish', textContent: word });
  made.addEventListener('click', act);
  return made;
}

const REASONS = 'sanzhang.reasons';
const lastReasons = () => { try { return JSON.parse(localStorage.getItem(REASONS)) ?? []; } catch { return []; } };
export function rememberReason(reason) {
  if (!reason) return;
  try { localStorage.setItem(REASONS, JSON.stringify([reason, ...lastReasons().filter((r) => r !== reason)].slice(0, 5))); } catch { /* private window: offered no more, that is all */ }
}

// One small line under the cell; the last reasons are offered.
function askReason(cell, box, save_, leave) {
  const form = document.createElement('form');
  const input = Object.assign(document.createElement('input'), { name: 'reason', maxLength: 500, placeholder: t('reason'), autocomplete: 'off' });
  input.setAttribute('aria-label', t('reason'));
  form.append(input, Object.assign(document.createElement('button'), { className: 'act primary', textContent: t('keepReason') }));
  const again = (reason) => { rememberReason(reason); closeCallout(cell); save_(reason); };
  form.addEventListener('submit', (event) => { event.preventDefault(); if (input.value.trim()) again(input.value.trim()); });
  form.addEventListener('keydown', (event) => { event.stopPropagation(); if (event.key === 'Escape') leave(); });
  const chips = document.createElement('div');
  chips.className = 'chips';
  for (const reason of lastReasons()) {
    const chip = button(reason, () => again(reason));
    chip.className = 'chip';
    chips.append(chip);
  }
  box.append(form);
  if (chips.childElementCount) box.append(chips);
  place(cell);
  input.focus();
}

// Rows that came back: put in their place, cell by cell, so that an open editor or a refused entry is not disturbed.
// Numbers run on without gaps, and only over rows that count.
export function renumber() {
  let number = 0;
  for (const row of document.querySelectorAll('#grid tr[data-id]:not(.gone, .sub)')) {
    const place = row.querySelector('.no');
    number = number ? number + 1 : Number(place.textContent) || 1;
    place.textContent = number;
  }
  recount();
}

export function take(html, { tick = [] } = {}) {
  const page = parse(html);
  for (const made of page.querySelectorAll('template[data-row]')) {
    const fresh = made.content.querySelector('tr');
    const old = rowById(made.dataset.row);
    if (old) merge(old, fresh);
    else if (rowById(made.dataset.below)) below(rowById(made.dataset.below), fresh);
  }
  for (const [id, field] of tick) markSaved(byField(rowById(id), field));
  const said = page.querySelector('output');
  if (said) say(said.textContent);
  savedAt();
  refreshSums();
  document.dispatchEvent(new CustomEvent('sheet:changed'));
  return page;
}

function merge(old, fresh) {
  old.dataset.version = fresh.dataset.version;
  old.classList.toggle('gone', fresh.classList.contains('gone'));
  fresh.cells[0].querySelector('.no').textContent = old.cells[0].querySelector('.no').textContent;
  [...fresh.cells].forEach((cell, n) => {
    const was = old.cells[n];
    if (!was) { old.append(cell); return; }
    if (was.matches('.c2')) carry(was, cell);
    if (n === 0 || was.matches('.edit, .no, .busy') || was.isEqualNode(cell)) return;
    const focused = document.activeElement === was;
    was.replaceWith(cell);
    closeCallout(was);
    replaced(was, cell, focused);
  });
}

function markSaved(cell) {
  if (!cell) return;
  cell.classList.add('saved');
  setTimeout(() => cell.classList.remove('saved'), 1200);
}

function state(text, by) {
  waiting = Math.max(0, waiting + by);
  const place = document.getElementById('state');
  if (place) place.textContent = waiting ? text || t('saving') : '';
}

function savedAt() {
  const place = document.getElementById('state');
  const refused = table()?.querySelectorAll('[data-typed]').length ?? 0;
  if (place && !waiting && refused) { place.textContent = t('stillTyped', { n: refused }); return; }
  const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  if (place && !waiting) place.textContent = t('savedAt', { time });
}

// Whoever closes the page while something is on its way, or was refused and still stands there typed, is asked first.
addEventListener('beforeunload', (event) => {
  if (waiting || table()?.querySelector('[data-typed]')) event.preventDefault();
});

// ── undo: the last edit is taken back as a new change ──
export function pushUndo(entry) { undone.push(entry); }

export async function undo() {
  const last = undone.pop();
  if (!last) { say(t('nothingToUndo')); return; }
  if (last.block) { await undoBlock(last.block); return; }
  const cell = byField(rowById(last.id), last.field);
  if (!cell) { say(t('nothingToUndo')); return; }
  go(cell);
  await save(cell, last.before, { reason: t('undoReason'), undo: typed(cell) });
}

async function undoBlock(block) {
  const fields = new URLSearchParams({ unit: unit(), view: address(), reason: t('undoReason') });
  for (const [id, field, before] of block) {
    fields.append('cell', `${id}:${rowById(id)?.dataset.version ?? ''}:${field}`);
    fields.append('value', before);
  }
  const answer = await ask(`${cellsAt()}/cells`, fields, { stay: true });
  answer.ok ? take(answer.html, { tick: block }) : say(parse(answer.html).body.textContent.trim() || t('offline'), { bad: true });
}

// Clearing cells, or putting one text into all of them: one act.
export async function fill(cells, text, reason = '') {
  if (cells.length === 1) { save(cells[0], text); return; }
  const block = cells.map((cell) => [rowOf(cell).dataset.id, cell.dataset.field, held(cell)]);
  const fields = new URLSearchParams({ unit: unit(), view: address(), reason });
  for (const cell of cells) { fields.append('cell', `${rowOf(cell).dataset.id}:${rowOf(cell).dataset.version}:${cell.dataset.field}`); fields.append('value', text); }
  const answer = await ask(`${cellsAt()}/cells`, fields, { stay: true });
  if (answer.ok) { pushUndo({ block }); take(answer.html, { tick: block }); return; }
  const box = callout(cells[0], answer.html || t('offline'), { err: true, alert: true });
  const leave = () => { closeCallout(cells[0]); go(cells[0]); };
  if (box.querySelector('[data-reason]')) askReason(cells[0], box, (said) => { fill(cells, text, said); go(cells[0]); }, leave);
  (box.querySelector('p') ?? box).append(button(t('takeBack'), leave));
}

// ── answers of the dialog: a conflict decided, a block written, a field set ──
document.addEventListener('submit', async (event) => {
  const form = event.target.closest('form[data-answer]');
  if (!form) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  rememberReason(fields.get('reason')?.trim());
  const answer = await ask(form.getAttribute('action'), fields, { stay: true });
  if (!answer.ok) { answer.html ? fillDialog(answer.html.includes('<form') ? answer.html : form.outerHTML + answer.html) : say(t('offline'), { bad: true }); return; }
  const [id, field] = (dialog().dataset.cell ?? '').split(':');
  const refused = id && byField(rowById(id), field);
  if (form.matches('[data-conflict]') && refused) restore(refused);
  closeDialog();
  const page = take(answer.html);
  const back = page.querySelector('template[data-undo]');
  if (back) pushUndo({ block: JSON.parse(back.content.textContent) });
});

document.addEventListener('change', (event) => { if (event.target.closest('form[data-conflict]')) todo(event.target.closest('form')); });
document.addEventListener('click', (event) => {
  const all = event.target.closest('[data-all]');
  if (!all) return;
  for (const radio of all.closest('form').querySelectorAll(`input[type=radio][value=${all.dataset.all}]`)) radio.checked = true;
  todo(all.closest('form'));
});

// The button names what is still to choose.
export function todo(form) {
  const open = [...form.querySelectorAll('[data-choice]')].filter((row) => !row.querySelector('input:checked')).map((row) => row.dataset.choice);
  const primary = form.querySelector('.primary');
  primary.disabled = open.length > 0;
  primary.textContent = open.length ? primary.dataset.todo.replace('{fields}', open.join('、')) : primary.dataset.ready;
}
new MutationObserver(() => { const form = dialog()?.querySelector('form[data-conflict]'); if (form && !form.dataset.seen) { form.dataset.seen = '1'; todo(form); } }).observe(dialog(), { childList: true });
