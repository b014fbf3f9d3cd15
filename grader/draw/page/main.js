// The page as `./digits draw` serves it.

import { mount } from "./app.js";
import { grayOf } from "./pictures.js";

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The server has stopped. Run ./digits draw again and open the new address.");
  }
  if (!response.ok) throw new Error(await response.text());
  return response;
}

const json = async (path, options) => (await ask(path, options)).json();
const send = (path, body) => json(path, { method: "POST", body });

// null for a file that is no picture.
async function withGray(drawing) {
  const file = await (await ask(`drawings/${drawing.id}.png`)).blob();
  const bitmap = await createImageBitmap(file).catch(() => null);
  return bitmap && { ...drawing, gray: grayOf(bitmap, bitmap.width, bitmap.height) };
}

const drawings = {
  async list() {
    const kept = await json("drawings");
    return Promise.all(kept.map(withGray));
  },
  keep: (gray, label) => send(`drawings?label=${label}`, gray.values),
  remove: (id) => ask(`drawings/${id}.png`, { method: "DELETE" }),
};

const started = await json("start");
await mount(document.querySelector("#draw"), {
  first: started.first,
  second: started.second,
  networks: async () => (await json("start")).networks,
  open: async (id) => {
    const response = await ask(`networks/${encodeURIComponent(id)}`);
    return response.status === 204 ? null : response.arrayBuffer();
  },
  familiar: async () => (await ask("familiar.bin")).arrayBuffer(),
  predict: (id, pixels) => send(`predict/${encodeURIComponent(id)}`, Uint8Array.from(pixels)),
  prepare: started.prepares ? (levels) => send("prepare", levels) : undefined,
  drawings,
});
