// Why a network answers as it does: what each pixel adds, where that can be said, and what is missed when it is covered.

const PATCH = 4;
const PLACES = 28 / PATCH;

// The kernel (784, 10) of a network that is a single dense layer on the pixels; null for any other.
export function linearWeights(network) {
  const computing = network.layers.filter((layer) => layer.weights.length);
  if (computing.length !== 1 || computing[0].type !== "Dense") return null;
  const kernel = network.tensors[computing[0].weights[0]];
  return kernel.length === 7840 ? kernel : null;
}

// One class's weights, (784).
export function weightsOf(kernel, digit) {
  return Float32Array.from({ length: 784 }, (_, pixel) => kernel[pixel * 10 + digit]);
}

// How much the probability of `digit` falls when a patch of 4×4 pixels is blank: (7, 7). `runs` networks at a time, then
// the page may do something else; `isCurrent()` says whether the answer is still wanted.
export async function occlusion(network, pixels, digit, isCurrent, runs = 7) {
  const whole = network.probabilities(pixels)[digit];
  const drops = new Float32Array(PLACES * PLACES);
  for (let place = 0; place < drops.length; place++) {
    if (place % runs === 0) await new Promise((resolve) => setTimeout(resolve));
    if (!isCurrent()) return null;
    const covered = Uint8Array.from(pixels);
    const top = Math.floor(place / PLACES) * PATCH;
    const left = (place % PLACES) * PATCH;
    for (let y = top; y < top + PATCH; y++) covered.fill(0, y * 28 + left, y * 28 + left + PATCH);
    drops[place] = whole - network.probabilities(covered)[digit];
  }
  return drops;
}
