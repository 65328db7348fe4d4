// Excel and WPS both ways: cells out as tab-separated text, a block in with a preview of what would change.
import { address, cellOf, current, plain, range, rowOf, rows, several, sheet, unit } from './cells.js';
import { edit, editing } from './editor.js';
import { ask, fillDialog, parse, say, t } from './shared.js';
import { fill } from './saving.js';

const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

document.addEventListener('copy', (event) => {
  if (!cellOf(document.activeElement) || document.activeElement.matches('input, textarea') || String(getSelection()).length) return;
  const lines = range();
  if (!lines.length) return;
  event.clipboardData.setData('text/plain', lines.map((line) => line.map((cell) => quoted(plain(cell))).join('\t')).join('\n'));
  event.preventDefault();
  say(t('copied', { n: lines.flat().length }), { seconds: 2 });
});

document.addEventListener('paste', (event) => {
  const inSheet = cellOf(document.activeElement) || editing();
  const empty = document.querySelector('[data-paste-here]');
  if (!inSheet && !(empty && document.activeElement === document.body)) return;
  const text = (event.clipboardData?.getData('text/plain') ?? '').replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const one = !/[\t\n]/.test(text);
  if (editing() && (one || editing().kind === 'long')) return;
  if (!text) { say(t('pasteNothing')); return; }
  event.preventDefault();
  if (!inSheet) { bringIn(text); return; }
  if (one) single(text); else block(text);
});

// An empty ledger takes a pasted table the way it takes a workbook: the headings decide what is what.
async function bringIn(text) {
  const fields = new FormData();
  fields.append('file', new File([text], `${t('pasted')}.tsv`, { type: 'text/tab-separated-values' }));
  fields.append('ledger', sheet().dataset.name);
  fields.append('zone', sheet().dataset.zone);
  const answer = await ask('/imports', fields);
  if (!answer.ok) say(parse(answer.html).querySelector('.say')?.textContent ?? t('offline'), { bad: true });
}

document.addEventListener('click', async (event) => {
  if (!event.target.closest('[data-paste-here]')) return;
  try { const text = await navigator.clipboard.readText(); text.trim() ? bringIn(text) : say(t('pasteNothing')); } catch { document.activeElement.blur(); say(t('pasteKey')); }
});

function single(text) {
  const open = range().flat().filter((cell) => cell.dataset.field);
  if (several() && open.length > 1) fill(open, text);
  else if (current()?.dataset.field) edit(current(), text);
  else say(t('noEdit'));
}

async function block(text) {
  const cell = editing()?.cell ?? current();
  const all = rows();
  const from = all.indexOf(rowOf(cell));
  const lines = text.split('\n').length;
  const width = Math.max(...text.split('\n').map((line) => line.split('\t').length));
  const fields = [...rowOf(cell).cells].slice(cell.cellIndex, cell.cellIndex + width).map((c) => c.dataset.field ?? '');
  const into = all.slice(from, from + lines).map((row) => `${row.dataset.id}:${row.dataset.version}`);
  const answer = await ask(sheet().dataset.paste, { text, rows: into.join(','), fields: fields.join(','), unit: unit(), view: address() }, { stay: true });
  answer.html ? fillDialog(answer.html) : say(t('offline'), { bad: true });
}
