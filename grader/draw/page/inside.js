// What happens inside a network: one picture for each stage, with all of its maps. A click silences a map.

import { element } from "./pad.js";
import { columnsFor, mapsCanvas } from "./pictures.js";

const COMPUTING = new Set(["Dense", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "NearestNeighbors"]);
const POOLING = /Pooling2D$/;
const UNCHANGED = new Set(["Flatten", "Reshape", "Rescaling", "InputLayer"]);

// The indices of the layers to show: each computing layer with what normalizes and activates it is one stage.
export function stages(network) {
  const found = [];
  network.layers.forEach(({ type }, index) => {
    if (COMPUTING.has(type) || POOLING.test(type)) found.push({ first: index, last: index });
    else if (found.length && !UNCHANGED.has(type)) found.at(-1).last = index;
  });
  return found;
}

function words({ type, settings, shape }) {
  const sizes = shape.join("×");
  if (type === "Dense") return `${settings.units} units`;
  if (POOLING.test(type)) return `${type}: ${sizes}`;
  if (type === "NearestNeighbors") return `the votes of ${settings.k} neighbors`;
  return `${type}, ${[settings.kernel_size].flat().join("×")} pixels: ${sizes}`;
}

export class Inside {
  // silenced(layer, map): called after a click on a map.
  constructor(silence) {
    this.silence = silence;
    this.element = element("div", { className: "digits-inside" });
  }

  build(network) {
    this.network = network;
    this.pictures = stages(network).map(({ first, last }) => {
      const layer = network.layers[last];
      const shape = layer.shape.length === 3 ? layer.shape : [1, 1, layer.shape[0]];
      const columns = shape[2] > 1 && shape[0] === 1 ? Math.min(shape[2], 32) : columnsFor(shape[2], shape[0], shape[1]);
      const canvas = element("canvas", { className: "digits-maps", title: "Click a map to silence it" });
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `Responses of ${words(network.layers[first])}`);
      canvas.addEventListener("click", (event) => this.click(event, canvas, last, shape, columns));
      const caption = element("figcaption", { textContent: words(network.layers[first]) });
      return { canvas, last, shape, columns, figure: element("figure", {}, caption, canvas) };
    });
    this.element.replaceChildren(...this.pictures.map(({ figure }) => figure));
    for (const { canvas, shape, columns } of this.pictures) {
      const scale = shape[0] === 1 ? 12 : Math.max(2, Math.round(420 / (columns * (shape[1] + 1))));
      canvas.style.width = `${(columns * (shape[1] + 1) - 1) * Math.min(scale, 6 + 6 * (shape[0] === 1))}px`;
    }
  }

  // After a run of the network.
  show(network) {
    if (network !== this.network) this.build(network);
    for (const { canvas, last, shape, columns } of this.pictures) {
      mapsCanvas(canvas, network.activations[last], shape, columns);
    }
  }

  click(event, canvas, layer, [height, width, channels], columns) {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const rows = Math.ceil(channels / columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const map = row * columns + column;
    if (map < channels) this.silence(layer, map);
  }
}
