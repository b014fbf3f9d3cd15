// When a drawing may be no digit at all, whatever a network makes of it. The same questions as `digits predict` asks.

import { unpack } from "./network.js";

const INK = 100;
const SIZABLE = 0.12; // of the largest part
const [MOST_PARTS, MOST_LOOPS, LOOP] = [2, 2, 2];
const BROADEST = 4.9; // pixels from the middle of a stroke to its edge

export class Familiarity {
  constructor({ header, tensors: [mean, axes] }) {
    this.mean = mean;
    this.axes = axes; // (784, components)
    this.lengths = columnSums(axes, (value) => value * value);
    this.most = header.about.most;
    this.rest = new Float64Array(784);
  }

  static async read(bytes) {
    return new Familiarity(await unpack(bytes));
  }

  // pixels: a prepared digit, 784 levels. A sentence, or "" if nothing speaks against it.
  doubtAbout(pixels) {
    return aboutShape(pixels) || (this.residual(pixels) > this.most ? "It looks like none of the 60,000 training digits." : "");
  }

  // The share of a digit, in squares, that the principal components of the training digits cannot express.
  residual(pixels) {
    const { mean, axes, rest } = this;
    let whole = 0;
    for (let i = 0; i < 784; i++) {
      rest[i] = pixels[i] / 255 - mean[i];
      whole += (pixels[i] / 255) ** 2;
    }
    const products = columnSums(axes, (value, pixel) => value * rest[pixel]);
    let left = rest.reduce((sum, value) => sum + value * value, 0);
    products.forEach((product, axis) => (left -= product ** 2 / this.lengths[axis]));
    return left / Math.max(whole, 1e-6);
  }
}

// For each column of axes, the sum of f(value, pixel).
function columnSums(axes, f) {
  const count = axes.length / 784;
  const sums = new Float64Array(count);
  for (let pixel = 0, at = 0; pixel < 784; pixel++) {
    for (let axis = 0; axis < count; axis++, at++) sums[axis] += f(axes[at], pixel);
  }
  return sums;
}

function aboutShape(pixels) {
  const ink = new Uint8Array(900); // with a blank frame
  for (let y = 0; y < 28; y++) for (let x = 0; x < 28; x++) ink[(y + 1) * 30 + x + 1] = pixels[y * 28 + x] > INK;
  const parts = components(ink, 1, true);
  const largest = Math.max(0, ...parts);
  const sizable = parts.filter((size) => size >= SIZABLE * largest).length;
  if (sizable > MOST_PARTS) return `The ink is in ${sizable} separate parts. A digit has at most 2.`;
  const loops = components(ink, 0, false).filter((size) => size >= LOOP).length - 1; // without the paper around it
  if (loops > MOST_LOOPS) return `It has ${loops} loops. A digit has at most 2.`;
  return broadest(ink) > BROADEST ** 2 ? "The strokes are too thick for the size of the digit." : "";
}

// The sizes of the connected components of pixels with a value.
function components(mask, wanted, diagonal) {
  const seen = new Uint8Array(900);
  const steps = diagonal ? [-31, -30, -29, -1, 1, 29, 30, 31] : [-30, -1, 1, 30];
  const sizes = [];
  for (let first = 0; first < 900; first++) {
    if (seen[first] || mask[first] !== wanted) continue;
    const stack = [first];
    seen[first] = 1;
    let size = 0;
    while (stack.length) {
      const at = stack.pop();
      size++;
      for (const step of steps) {
        const next = at + step;
        const wraps = Math.abs((next % 30) - (at % 30)) > 1;
        if (next < 0 || next >= 900 || wraps || seen[next] || mask[next] !== wanted) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    sizes.push(size);
  }
  return sizes;
}

// The square of the largest distance from a pixel with ink to the nearest one without.
function broadest(ink) {
  let most = 0;
  for (let at = 0; at < 900; at++) {
    if (!ink[at]) continue;
    let least = Infinity;
    for (let other = 0; other < 900; other++) {
      if (ink[other]) continue;
      const down = Math.floor(at / 30) - Math.floor(other / 30);
      least = Math.min(least, down * down + ((at % 30) - (other % 30)) ** 2);
    }
    most = Math.max(most, least);
  }
  return most;
}
