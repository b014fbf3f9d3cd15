// Gradient descent with two weights, on real fours and nines, at a learning rate of your choice.

import { drawing, drawn, made, playground, result, slider } from "./controls.js";
import { data } from "./data.js";

const SIDE = 260;
const MAPPED = 12; // every so many digits are enough for the map
const [LOW, HIGH] = [-2, 6];
const toPixels = (weight) => ((weight - LOW) / (HIGH - LOW)) * SIDE;

// log(1 + e^z) without overflow.
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

export async function begin(place) {
  const { pairs, nines } = await data();
  const count = nines.length;
  const logit = ([w, v], i) => pairs[2 * i] * w + pairs[2 * i + 1] * v;
  const loss = (weights, every = 1) => {
    let sum = 0;
    for (let i = 0; i < count; i += every) sum += softplus(nines[i] ? -logit(weights, i) : logit(weights, i));
    return sum / Math.ceil(count / every);
  };
  const gradient = (weights) => {
    const slopes = [0, 0];
    for (let i = 0; i < count; i++) {
      const off = 1 / (1 + Math.exp(-logit(weights, i))) - nines[i];
      slopes[0] += (off * pairs[2 * i]) / count;
      slopes[1] += (off * pairs[2 * i + 1]) / count;
    }
    return slopes;
  };
  const picture = drawing(SIDE, SIDE, "A map of the loss over two weights, and the path of gradient descent");
  picture.append(drawn("image", { href: bands((weights) => loss(weights, MAPPED)), width: SIDE, height: SIDE, class: "play-bands" }));
  const path = drawn("polyline", { class: "play-path" });
  const dots = drawn("g", { class: "play-dots" });
  const flat = drawn("text", { x: SIDE - 6, y: SIDE - 6, "text-anchor": "end" }, "first weight →");
  const upright = drawn("text", { transform: `translate(12 6) rotate(-90)`, "text-anchor": "end" }, "second weight →");
  picture.append(path, dots, flat, upright);
  const words = result();
  const note = made("p", { className: "play-note", textContent: "The map shows the loss: the more blue, the lower." });
  const chosen = { rate: 4, steps: 8 };

  function show() {
    let weights = [0, 0];
    const points = [weights];
    for (let step = 0; step < chosen.steps; step++) {
      const slopes = gradient(weights);
      weights = weights.map((weight, i) => weight - chosen.rate * slopes[i]);
      points.push(weights);
    }
    const places = points.map(([w, v]) => [toPixels(w), SIDE - toPixels(v)]);
    path.setAttribute("points", places.map((at) => at.join(",")).join(" "));
    dots.replaceChildren(...places.map(([cx, cy]) => drawn("circle", { cx, cy, r: 3 })));
    const isOutside = weights.some((weight) => weight < LOW || weight > HIGH);
    words.textContent = `The loss starts at ${loss([0, 0]).toFixed(3)}. After ${chosen.steps} step${chosen.steps === 1 ? "" : "s"} it is ${loss(weights).toFixed(3)}${isOutside ? ", and the path has left the picture" : ""}.`;
  }

  const rate = { label: "learning rate", min: -1, max: 1.8, step: 0.05, value: Math.log10(4), told: (v) => (10 ** v).toPrecision(2) };
  const steps = { label: "steps", min: 1, max: 40, step: 1, value: 8 };
  place.append(
    playground(
      "Try it: choose a learning rate",
      slider(rate, (value) => {
        chosen.rate = 10 ** value;
        show();
      }),
      slider(steps, (value) => {
        chosen.steps = value;
        show();
      }),
      picture,
      words,
      note,
    ),
  );
  show();
}

// The loss as a picture of bands, like the contour lines of a map: the darker, the lower.
function bands(loss) {
  const cells = 65;
  const canvas = made("canvas", { width: cells, height: cells });
  const context = canvas.getContext("2d");
  const at = (i) => LOW + ((i + 0.5) / cells) * (HIGH - LOW);
  for (let r = 0; r < cells; r++) {
    for (let c = 0; c < cells; c++) {
      const band = Math.floor(Math.sqrt(Math.max(0, loss([at(c), at(cells - 1 - r)]) - 0.4)) * 14);
      context.fillStyle = `rgb(0 114 178 / ${Math.max(0.05, 0.75 - 0.07 * band)})`;
      context.fillRect(c, r, 1, 1);
    }
  }
  return canvas.toDataURL();
}
