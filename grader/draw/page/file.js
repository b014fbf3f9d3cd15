// The page as a file: it asks no server, keeps drawings in the browser, and loads networks by script elements, because a
// page that was opened from a folder may load nothing else.

import { mount } from "./app.js";
import { element } from "./pad.js";
import { digitCanvas, grayOf } from "./pictures.js";

const STORE = "digits-drawings";
const waiting = new Map();

// What the file of a network calls: its name, and its bytes in characters of seven bits each.
globalThis.digitsFile = (name, text) => waiting.get(name).resolve(fromText(text));

function fromText(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 7) / 8));
  let [buffer, bits, at] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    buffer = ((buffer << 7) | text.charCodeAt(i)) & 0x7fff;
    bits += 7;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (buffer >> bits) & 0xff;
    }
  }
  return bytes;
}

function load(name) {
  return new Promise((resolve, reject) => {
    waiting.set(name, { resolve });
    const script = element("script", { src: `networks/${name}.js` });
    script.onerror = () => reject(new Error(`networks/${name}.js is missing. Copy the whole folder again.`));
    document.head.append(script);
  });
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "[]");
  } catch {
    return [];
  }
}

function store(drawings) {
  try {
    localStorage.setItem(STORE, JSON.stringify(drawings));
  } catch {
    throw new Error('The browser could not save the drawing. Delete some under "Your own test set", or allow this page to store data.');
  }
}

async function withGray({ id, label, picture }) {
  const image = element("img", { src: picture });
  if (!(await image.decode().then(() => true, () => false))) return null;
  return { id, label, gray: grayOf(image, image.width, image.height) };
}

const drawings = {
  list: () => Promise.all(stored().map(withGray)),
  keep: async (gray, label) => {
    const drawing = { id: `${label}_${Date.now()}`, label, picture: digitCanvas(gray).toDataURL() };
    store([...stored(), drawing]);
    return drawing;
  },
  remove: async (id) => store(stored().filter((drawing) => drawing.id !== id)),
};

const networks = JSON.parse(document.querySelector("#networks").textContent);
await mount(document.querySelector("#draw"), {
  first: networks.at(-1).id,
  second: networks[0].id,
  networks: async () => networks,
  open: load,
  familiar: () => load("familiar"),
  drawings,
});
