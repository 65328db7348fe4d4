// Small things that several modules use: words, messages, the one dialog, requests.
const words = new Map();
// `{n}`, or `{n:row|rows}`: the word for one and for several.
const HOLE = /\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g;

// The words the scripts say come with the page, in <template id="words"> as <data value="key">sentence</data>.
export function t(key, values = {}) {
  if (!words.size) for (const item of document.getElementById('words')?.content.querySelectorAll('data') ?? []) words.set(item.value, item.textContent);
  const filled = (_, name, one, several) => (several === undefined ? values[name] ?? '' : Number(values[name]) === 1 ? one : several);
  return (words.get(key) ?? key).replace(HOLE, filled);
}

export function say(text, { bad = false, act = null, label = '', seconds = 6 } = {}) {
  const toast = document.createElement('div');
  toast.className = bad ? 'toast bad' : 'toast';
  toast.append(Object.assign(document.createElement('span'), { textContent: text }));
  if (act) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
    button.addEventListener('click', () => { toast.remove(); act(); });
    toast.append(button);
  }
  document.getElementById('toasts').append(toast);
  setTimeout(() => toast.remove(), seconds * 1000);
  return toast;
}

export function dialog() { return document.getElementById('dialog'); }

let opener = null;

export function fillDialog(html) {
  const box = dialog();
  box.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
  box.classList.toggle('slim', !!box.querySelector('[data-slim]'));
  const heading = box.querySelector('h2');
  if (heading) { heading.id ||= 'dialog-title'; box.setAttribute('aria-labelledby', heading.id); box.removeAttribute('aria-label'); }
  window.htmx?.process(box);
  if (!box.open) { opener = document.activeElement; box.showModal(); }
  (box.querySelector('[aria-invalid=true]') ?? box.querySelector('[autofocus]') ?? box.querySelector('input:not([type=hidden]), select, textarea, button'))?.focus();
  return box;
}

export async function openDialog(address) {
  const answer = await ask(address);
  fillDialog(answer.html);
}

export function closeDialog() {
  const box = dialog();
  if (box.open) box.close();
  opener?.isConnected && opener.focus();
}

// A request of our own: fragments come back as text with their status; a redirect is followed by the page.
// stay: never leave the page, so that nothing typed is lost; the answer says what was wrong.
export async function ask(address, fields = null, { method = fields ? 'POST' : 'GET', stay = false, quiet = false } = {}) {
  const init = { method, headers: { 'HX-Request': 'true' }, credentials: 'same-origin' };
  if (fields) init.body = fields instanceof FormData || fields instanceof URLSearchParams ? fields : new URLSearchParams(fields);
  try {
    const response = await fetch(address, init);
    const to = response.headers.get('HX-Redirect');
    if (to && !stay && !quiet) go(to);
    if (response.status === 401) return { ok: false, status: 401, html: `<p><b class="bad">${t('notSaved')}</b> ${t('signInAgain')} <a href="/login" target="_blank" rel="noopener">${t('signIn')}</a></p>` };
    return { ok: response.ok, status: response.status, html: await response.text(), to };
  } catch {
    return { ok: false, status: 0, html: '' };
  }
}

// To the page that an answer names. The same address with another mark only would not be read anew.
export function go(address) {
  const to = new URL(address, location.href);
  const same = to.pathname === location.pathname && to.search === location.search;
  location.assign(to);
  if (same && to.hash) location.reload();
}

export function parse(html) {
  return new DOMParser().parseFromString(html, 'text/html');
}
