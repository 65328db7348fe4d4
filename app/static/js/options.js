// The list under an editor: a closed list with search, or what stands in the same column already.
import { plain, rows, byField } from './cells.js';
import { t } from './shared.js';

export function offered(field) {
  const list = document.getElementById(`list-${field}`);
  if (list) return { closed: !list.dataset.open, options: [...list.options].map((o) => ({ value: o.value, word: o.textContent, keys: o.dataset.k ?? '' })) };
  const seen = new Map();
  for (const row of rows().slice(0, 400)) {
    const cell = byField(row, field);
    const word = cell ? plain(cell) : '';
    if (word) seen.set(word, (seen.get(word) ?? 0) + 1);
  }
  const options = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 60).map(([word, n]) => ({ value: word, word, keys: '', n }));
  return { closed: false, options };
}

let serial = 0;

export class Options {
  // input: the editor; source: offered(field); onPick(option) when one is chosen.
  constructor(input, source, onPick) {
    Object.assign(this, { input, source, onPick, at: -1, now: [] });
    this.list = document.createElement('ul');
    this.list.className = 'options';
    this.list.popover = 'manual';
    this.list.id = `options-${++serial}`;
    this.list.setAttribute('role', 'listbox');
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-controls': this.list.id, 'aria-expanded': 'true', 'aria-autocomplete': 'list' })) input.setAttribute(name, value);
    this.list.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      const item = event.target.closest('li[data-n]');
      if (item) this.onPick(this.now[Number(item.dataset.n)]);
    });
    (input.closest('main') ?? document.body).append(this.list);
    this.gone = new AbortController();
    input.addEventListener('input', () => this.filter(input.value), { signal: this.gone.signal });
  }

  filter(text, first = false) {
    const word = text.trim().toLowerCase();
    const all = this.source.options;
    if (this.source.days && /^\d/.test(word)) { this.now = []; this.at = -1; this.draw(); return; }
    this.now = first || !word ? all : all.filter((o) => o.word.toLowerCase().includes(word) || o.value.toLowerCase().startsWith(word) || o.keys.includes(word));
    const leads = (o) => o.word.toLowerCase().startsWith(word) || o.keys.split(' ').some((k) => k.startsWith(word));
    if (word && !first) this.now = [...this.now].sort((a, b) => leads(b) - leads(a));
    this.at = this.source.closed && this.now.length ? Math.max(0, this.now.findIndex((o) => o.value === text || o.word === text)) : -1;
    this.draw();
  }

  draw() {
    const items = this.now.map((option, n) => {
      const item = Object.assign(document.createElement('li'), { textContent: option.word, id: `${this.list.id}-${n}` });
      item.dataset.n = n;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', String(n === this.at));
      return item;
    });
    if (!items.length && this.source.closed && !this.source.days) {
      const none = Object.assign(document.createElement('li'), { textContent: t('noMatch') });
      none.setAttribute('aria-disabled', 'true');
      items.push(none);
    }
    this.list.replaceChildren(...items);
    if (items.length && !this.list.matches(':popover-open')) this.list.showPopover();
    if (!items.length && this.list.matches(':popover-open')) this.list.hidePopover();
    this.place();
    this.mark();
  }

  place() {
    const at = this.input.getBoundingClientRect();
    const tall = this.list.getBoundingClientRect().height;
    this.list.style.left = `${Math.max(4, Math.min(at.left, innerWidth - this.list.offsetWidth - 8))}px`;
    this.list.style.minWidth = `${Math.max(168, at.width)}px`;
    this.list.style.top = `${at.bottom + tall + 4 < innerHeight ? at.bottom + 2 : Math.max(4, at.top - tall - 2)}px`;
  }

  mark() {
    const item = this.list.children[this.at];
    for (const other of this.list.children) other.setAttribute('aria-selected', String(other === item));
    item?.scrollIntoView({ block: 'nearest' });
    item ? this.input.setAttribute('aria-activedescendant', item.id) : this.input.removeAttribute('aria-activedescendant');
  }

  move(by) {
    if (!this.now.length) return;
    this.at = (this.at + by + this.now.length) % this.now.length;
    this.mark();
  }

  get picked() { return this.now[this.at] ?? null; }
  close() { this.gone.abort(); this.list.remove(); }
}
