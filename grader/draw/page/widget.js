// The page as a notebook's widget: it asks the kernel.

import { mount } from "./app.js";
import { grayOf } from "./pictures.js";

function render({ model, el }) {
  const waiting = new Map();
  let asked = 0;
  model.on("msg:custom", ({ number, answer, problem }, buffers) => {
    const { resolve, reject } = waiting.get(number) ?? {};
    waiting.delete(number);
    if (problem) reject?.(new Error(problem));
    else resolve?.({ answer, buffers: buffers.map((part) => new Uint8Array(part.buffer ?? part)) });
  });
  const ask = (what, content = {}, levels = null) =>
    new Promise((resolve, reject) => {
      const number = ++asked;
      waiting.set(number, { resolve, reject });
      model.send({ what, number, ...content }, undefined, levels ? [Uint8Array.from(levels).buffer] : []);
    });
  const picture = async ({ id, label }) => {
    const { buffers } = await ask("drawing", { id });
    const bitmap = await createImageBitmap(new Blob(buffers, { type: "image/png" })).catch(() => null);
    return bitmap && { id, label, gray: grayOf(bitmap, bitmap.width, bitmap.height) };
  };
  const host = {
    first: model.get("first"),
    second: model.get("second"),
    networks: async () => model.get("networks"),
    open: async (id) => (await ask("network", { id })).buffers[0] ?? null,
    familiar: async () => (await ask("familiar")).buffers[0],
    predict: async (id, pixels) => (await ask("predict", { id }, pixels)).answer,
    prepare: model.get("prepares") ? async (levels) => (await ask("prepare", {}, levels)).answer : undefined,
    drawings: {
      list: async () => Promise.all((await ask("drawings")).answer.map(picture)),
      keep: async (gray, label) => (await ask("keep", { label }, gray.values)).answer,
      remove: (id) => ask("remove", { id }),
    },
  };
  el.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab would delete a cell at "d d"
  mount(el, host);
}

export default { render };
