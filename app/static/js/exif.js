// When and where a JPEG was taken, as its camera wrote it: DateTimeOriginal and the GPS part of its EXIF. What is not there, or is
// rubbish, is left out.
const BEGINNING = 256 * 1024;
const EXIF = 0x8769, GPS = 0x8825, TAKEN = 0x9003;

export async function told(file) {
  try {
    const view = new DataView(await file.slice(0, BEGINNING).arrayBuffer());
    const start = tiff(view);
    return start === null ? {} : read(view, start);
  } catch { return {}; }
}

// Where the TIFF part begins: behind "Exif" in the first APP1 segment that has it.
function tiff(view) {
  if (view.getUint16(0) !== 0xFFD8) return null;
  for (let at = 2; at + 10 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === 0xFFE1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    if ((marker & 0xFF00) !== 0xFF00 || marker === 0xFFDA) return null;
  }
  return null;
}

function read(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const u16 = (at) => view.getUint16(start + at, little);
  const u32 = (at) => view.getUint32(start + at, little);
  const entries = (at) => {
    const found = new Map();
    for (let n = 0; n < u16(at); n += 1) found.set(u16(at + 2 + n * 12), at + 2 + n * 12);
    return found;
  };
  const text = (entry) => {
    const long = u32(entry + 4);
    const at = long > 4 ? u32(entry + 8) : entry + 8;
    return String.fromCharCode(...new Uint8Array(view.buffer, start + at, long)).replace(/\0.*$/, '');
  };
  const degrees = (entry) => {
    const at = u32(entry + 8);
    const part = (n) => u32(at + n * 8) / u32(at + n * 8 + 4);
    return part(0) + part(1) / 60 + part(2) / 3600;
  };
  const first = entries(u32(4));
  const made = {};
  if (first.has(EXIF)) {
    const taken = entries(u32(first.get(EXIF) + 8)).get(TAKEN);
    const found = taken === undefined ? null : /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(text(taken));
    if (found && !Number.isNaN(Date.parse(`${found[1]}-${found[2]}-${found[3]}T${found[4]}`))) made.taken_at = `${found[1]}-${found[2]}-${found[3]}T${found[4]}`;
  }
  if (first.has(GPS)) Object.assign(made, place(entries(u32(first.get(GPS) + 8)), text, degrees));
  return made;
}

function place(gps, text, degrees) {
  if (![1, 2, 3, 4].every((tag) => gps.has(tag))) return {};
  const latitude = degrees(gps.get(2)) * (text(gps.get(1)).startsWith('S') ? -1 : 1);
  const longitude = degrees(gps.get(4)) * (text(gps.get(3)).startsWith('W') ? -1 : 1);
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) || (!latitude && !longitude)) return {};
  return { latitude: latitude.toFixed(5), longitude: longitude.toFixed(5) };
}
