// The page as a file: it asks no server, keeps drawings in the browser, and loads networks by script elements, because a
// page that was opened from a folder may load nothing else.

import { mount } from "./app.js";
import { element } from "./pad.js";
import { digitCanvas, grayOf } from "./pictures.js";
import { bytesOf } from "./scripted.js";

const STORE = "digits-drawings";
const listed = document.querySelector("#networks");
const folder = listed.dataset.folder ?? ""; // where the files of the networks are
const load = (name) => bytesOf(name, `${folder}networks/${name}.js`);

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

const networks = JSON.parse(listed.textContent);
await mount(document.querySelector("#draw"), {
  first: networks.at(-1).id,
  second: networks[0].id,
  networks: async () => networks,
  open: load,
  familiar: () => load("familiar"),
  drawings,
});
