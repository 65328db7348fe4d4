// A reporter's form on a phone: sent in the background, so that what she typed stays on the page whatever the network does.
const seen = document.body.dataset.seen;
if (seen) fetch(seen, { method: 'POST' }).catch(() => { /* it is told at the next opening */ });

function begin(form) {
  if (!form) return;
  const PLACE = `sanzhang.report.${form.dataset.report}`;
  const state = form.querySelector('[data-state]');
  const tell = (text, bad = false) => { state.textContent = text; state.classList.toggle('bad', bad); };
  const fields = () => [...form.elements].filter((e) => e.name && e.type !== 'hidden' && e.tagName !== 'BUTTON');
  const whole = () => Object.fromEntries(fields().filter((e) => e.type !== 'radio' || e.checked).map((e) => [e.name, e.type === 'checkbox' ? e.checked : e.value]));
  const first = JSON.stringify(whole());

  // A phone closes pages it needs room for: what was typed is kept on it until it is saved, or the report changed.
  const store = {
    get() { try { return JSON.parse(localStorage.getItem(PLACE)); } catch { return null; } },
    set(value) { try { value ? localStorage.setItem(PLACE, JSON.stringify(value)) : localStorage.removeItem(PLACE); } catch { /* private window */ } },
  };
  const kept = store.get();
  if (kept && !form.querySelector('[aria-invalid]') && JSON.stringify(kept) !== first) {
    for (const e of fields()) {
      if (!(e.name in kept)) continue;
      if (e.type === 'radio') e.checked = e.value === kept[e.name];
      else if (e.type === 'checkbox') e.checked = kept[e.name];
      else e.value = kept[e.name];
    }
    tell(form.dataset.back);
  }

  const same = form.querySelector('[data-same]');
  const before = form.querySelector('[data-before]').dataset.before;
  const compare = () => { same.hidden = !before || form.elements.progress_text.value.trim() !== before.trim(); };
  compare();
  form.addEventListener('input', () => { store.set(whole()); compare(); tell(''); });
  form.addEventListener('click', (event) => {
    const taker = event.target.closest('[data-take]');
    if (!taker) return;
    const field = document.getElementById(taker.dataset.take);
    field.value = taker.dataset.text;
    field.focus();
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });

  // The key of a form sent again unchanged stays, so that it is done once; changed, it is another form.
  let sent = '';
  const key = form.elements.idempotency_key;
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, '0')).join('');

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.dataset.sending) return;
    const body = new FormData(form, event.submitter);
    body.delete('idempotency_key');
    const now = new URLSearchParams(body).toString();
    if (sent && now !== sent) key.value = fresh();
    sent = now;
    body.set('idempotency_key', key.value);
    form.dataset.sending = '1';
    tell(form.dataset.saving);
    try {
      const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(body), headers: { 'HX-Request': 'true' } });
      const to = answer.headers.get('HX-Redirect');
      if (to) { store.set(null); location.assign(to); return; }
      if (answer.status === 503 || answer.status === 429 || answer.status >= 500) { tell(form.dataset.busy, true); return; }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      document.getElementById('main').replaceWith(page.getElementById('main') ?? page.querySelector('main'));
      const wrong = document.querySelector('[aria-invalid=true], [name=reason], .say.bad');
      wrong?.focus?.();
      (wrong ?? document.body).scrollIntoView({ block: 'center' });
      begin(document.querySelector('form[data-report]'));
    } catch {
      tell(form.dataset.lost, true);
    } finally {
      delete form.dataset.sending;
    }
  });
}

begin(document.querySelector('form[data-report]'));
