// Photos of a month: made small on the device before they are sent, since a phone takes ten times what anybody looks at and
// a site has one bar of signal. A canvas forgets when and where a picture was taken, so that is read first and sent beside it.
import { ask, parse } from './shared.js';
import { told } from './exif.js';

const LONGEST = 1600;
const QUALITY = 0.82;

document.addEventListener('change', (event) => {
  const input = event.target.closest('[data-photo-input]');
  if (input?.files.length) send(input);
});

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-photo-remove]');
  if (!button) return;
  event.preventDefault();
  if (!window.confirm(button.dataset.photoRemove)) return;
  const answer = await ask(button.formAction, { version: button.value }, { stay: true });
  put(button.closest('[data-photos]'), answer);
});

async function send(input) {
  const album = input.closest('[data-photos]');
  const to = input.form.action;
  const room = Number(input.dataset.room);
  const { busy, failed, tooMany } = input.dataset;
  const chosen = [...input.files];
  const files = chosen.slice(0, room);
  let now = album;
  for (const [n, file] of files.entries()) {
    state(now, busy.replace('{n}', n + 1).replace('{all}', files.length));
    const answer = await ask(to, await fields(file), { stay: true });
    if (!answer.html) { state(now, failed, true); return; }
    now = put(now, answer);
    if (!answer.ok) return;
  }
  if (chosen.length > room) state(now, tooMany, true);
}

async function fields(file) {
  const made = new FormData();
  const said = await told(file);
  const small = await shrunk(file);
  made.append('file', small ?? file, file.name);
  if (small) for (const [name, value] of Object.entries(said)) made.append(name, value);
  return made;
}

// What this browser cannot draw goes as it is: the register reads it, or says what to do.
async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', QUALITY); });
  } catch { return null; }
}

function put(album, answer) {
  const fresh = parse(answer.html).querySelector('[data-photos]');
  if (!fresh) { state(album, parse(answer.html).body.textContent.trim(), true); return album; }
  album.replaceWith(fresh);
  fresh.querySelector('[data-photo-input]')?.focus();
  return fresh;
}

function state(album, text, bad = false) {
  const place = album.querySelector('[data-photo-state]');
  if (!place) return;
  place.textContent = text;
  place.classList.toggle('bad', bad);
}
