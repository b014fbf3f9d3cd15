// Nine numbers of a kernel, and what it makes of a digit.

import { choice, made, playground, result } from "./controls.js";
import { data } from "./data.js";

const KERNELS = {
  "upper edges": [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  "left edges": [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  blur: [1, 1, 1, 1, 1, 1, 1, 1, 1].map((n) => n / 9),
  "the pixel itself": [0, 0, 0, 0, 1, 0, 0, 0, 0],
};
const OWN = Object.keys(KERNELS).length; // the last choice
const SIDE = 28;

export async function begin(place) {
  const { images, labels } = await data();
  const of = Array.from({ length: 10 }, (_, digit) => labels.indexOf(digit));
  const state = { digit: 7, kernel: [...KERNELS["upper edges"]] };
  const [before, after] = [canvas("The digit"), canvas("The responses of the kernel")];
  const words = result();
  const inputs = state.kernel.map((value, i) => {
    const input = made("input", { type: "number", step: 0.5, min: -9, max: 9, value });
    input.setAttribute("aria-label", `row ${Math.floor(i / 3) + 1}, column ${(i % 3) + 1}`);
    input.addEventListener("input", () => {
      state.kernel[i] = Number(input.value) || 0;
      known.querySelector("select").value = OWN;
      show();
    });
    return input;
  });

  function show() {
    const image = images.subarray(784 * of[state.digit], 784 * (of[state.digit] + 1));
    paint(before, SIDE, (r, c) => [0, image[r * SIDE + c] / 255]);
    const size = SIDE - 2;
    const responses = new Float32Array(size * size);
    for (let r = 0; r < size; r++) {
      for (let c = 0; c < size; c++) {
        for (let i = 0; i < 9; i++) {
          responses[r * size + c] += (state.kernel[i] * image[(r + Math.floor(i / 3)) * SIDE + c + (i % 3)]) / 255;
        }
      }
    }
    const top = Math.max(1e-6, ...responses.map(Math.abs));
    paint(after, size, (r, c) => [Math.sign(responses[r * size + c]), Math.abs(responses[r * size + c]) / top]);
    const [low, high] = [Math.min(...responses), Math.max(...responses)];
    words.textContent = `The responses range from ${low.toFixed(1)} to ${high.toFixed(1)}. Blue is positive, orange is negative.`;
  }

  const digits = choice("digit", Array.from({ length: 10 }, (_, digit) => String(digit)), (digit) => {
    state.digit = digit;
    show();
  });
  digits.querySelector("select").value = state.digit;
  const known = choice("kernel", [...Object.keys(KERNELS), "your own"], (index) => {
    if (index === OWN) return;
    state.kernel = [...Object.values(KERNELS)[index]];
    inputs.forEach((input, i) => (input.value = Number(state.kernel[i].toFixed(2))));
    show();
  });
  const grid = made("div", { className: "play-kernel" }, ...inputs);
  place.append(playground("Try it: write a kernel", digits, known, made("div", { className: "play-row" }, before, grid, after), words));
  show();
}

function canvas(words) {
  const element = made("canvas", { className: "play-image" });
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", words);
  return element;
}

// level(row, column): the sign, and how strong from 0 to 1. Ink has no sign.
function paint(element, side, level) {
  element.width = element.height = side;
  const context = element.getContext("2d");
  const picture = context.createImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    const [sign, strong] = level(Math.floor(i / side), i % side);
    const color = sign > 0 ? [0, 114, 178] : sign < 0 ? [213, 94, 0] : [0, 0, 0];
    for (let k = 0; k < 3; k++) picture.data[4 * i + k] = 255 - strong * (255 - color[k]);
    picture.data[4 * i + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}
