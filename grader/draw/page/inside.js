// What happens inside a network: one picture for each stage, with all of its maps. Whoever chooses a map silences it.

import { element } from "./pad.js";
import { columnsFor, mapsCanvas } from "./pictures.js";

const COMPUTING = new Set(["Dense", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "NearestNeighbors"]);
const POOLING = /Pooling2D$/;
const UNCHANGED = new Set(["Flatten", "Reshape", "Rescaling", "InputLayer"]);
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const [WIDE, MOST_SCALE] = [900, { map: 8, unit: 15 }]; // of a page, and of one number on it: in pixels

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
  if (type === "NearestNeighbors") return `the votes of ${settings.k} neighbors`;
  if (shape.length === 1) return `${type}: ${shape[0]} units`;
  const maps = `${shape[2]} maps of ${shape[0]}×${shape[1]}`;
  return POOLING.test(type) ? `${type}: ${maps}` : `${type}, ${[settings.kernel_size].flat().join("×")} kernels: ${maps}`;
}

export class Inside {
  // silence(layer, map): called for a map that was chosen. say(text): for those who can't see which one.
  constructor(silence, say) {
    Object.assign(this, { silence, say });
    this.element = element("div", { className: "digits-inside" });
    this.now = element("p", { className: "digits-now" });
  }

  build(network) {
    this.network = network;
    this.pictures = stages(network).map(({ first, last }) => {
      const { shape } = network.layers[last];
      const choose = (map) => this.silence(last, map);
      return new Maps(words(network.layers[first]), shape.length === 3 ? shape : [1, 1, shape[0]], choose, this.say, last);
    });
    const help = element("p", {
      className: "digits-help",
      textContent:
        "Blue is positive, orange negative. Click a map to silence it, or choose it with the arrow keys and press Enter. Repeat to bring it back.",
    });
    this.element.replaceChildren(help, this.now, ...this.pictures.map(({ figure }) => figure));
  }

  // Instead of maps: why there are none.
  explain(text) {
    this.network = null;
    this.element.textContent = text;
  }

  // After a run of the network.
  show(network) {
    if (network.header !== this.network?.header) this.build(network);
    this.network = network;
    for (const maps of this.pictures) maps.show(network.activations[maps.layer], network.silenced[maps.layer]);
  }
}

// All maps of one layer in one picture.
class Maps {
  constructor(text, shape, choose, say, layer) {
    const [height, width, count] = shape;
    const isWide = document.documentElement.clientWidth > WIDE;
    Object.assign(this, { shape, choose, say, layer });
    this.columns = height === 1 ? Math.min(count, isWide ? 32 : 12) : columnsFor(count, height, width, isWide ? 7 : 3);
    this.rows = Math.ceil(count / this.columns);
    this.at = 0; // the map that the keyboard has come to
    this.canvas = element("canvas", { tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", `Maps of ${text}: arrow keys choose one, Enter silences it`);
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.canvas.addEventListener("focus", () => this.mark(this.canvas.matches(":focus-visible")));
    this.canvas.addEventListener("blur", () => this.mark(false));
    this.chosen = element("div", { className: "digits-chosen", hidden: true });
    const picture = element("div", { className: "digits-maps" }, this.canvas, this.chosen);
    const scale = height === 1 ? MOST_SCALE.unit : MOST_SCALE.map;
    picture.style.maxWidth = `${(this.columns * (width + 1) - 1) * scale}px`;
    this.figure = element("figure", {}, element("figcaption", { textContent: text }), picture);
    if (count === 10 && height === 1) this.figure.append(digitsBelow(picture.style.maxWidth));
  }

  show(values, silenced) {
    this.silenced = silenced;
    mapsCanvas(this.canvas, values, this.shape, this.columns, silenced);
  }

  click(event) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.rows);
    const map = row * this.columns + column;
    if (map < this.shape[2]) this.choose((this.at = map));
  }

  press(event) {
    if (event.key in STEPS) {
      const [down, across] = STEPS[event.key];
      const next = this.at + down * this.columns + across;
      if (next >= 0 && next < this.shape[2]) this.at = next;
    } else if (event.key === "Enter" || event.key === " ") this.choose(this.at);
    else return;
    event.preventDefault();
    this.mark(true);
    const isSilenced = this.silenced?.has(this.at) ? ", silenced" : "";
    this.say(`Map ${this.at + 1} of ${this.shape[2]}${isSilenced}`);
  }

  mark(isShown) {
    this.chosen.hidden = !isShown;
    const [column, row] = [this.at % this.columns, Math.floor(this.at / this.columns)];
    const place = { left: column / this.columns, top: row / this.rows, width: 1 / this.columns, height: 1 / this.rows };
    for (const [side, share] of Object.entries(place)) this.chosen.style[side] = `${100 * share}%`;
  }
}

// Ten units that stand for the digits.
function digitsBelow(width) {
  const row = element("div", { className: "digits-units" });
  row.style.maxWidth = width;
  for (let digit = 0; digit < 10; digit++) row.append(element("span", { textContent: digit }));
  return row;
}
