// Weights with fewer bits: the network is rounded and run here.

import { drawing, drawn, playground, result, slider } from "./controls.js";
import { data, networkBytes } from "./data.js";
import { Network } from "./network.js";

const [WIDTH, HEIGHT, ROW] = [320, 126, 13];

export async function begin(place) {
  const [{ images, labels }, file] = await Promise.all([data(), networkBytes("05_dense")]);
  const whole = await Network.read(file);
  const image = (i) => images.subarray(784 * i, 784 * (i + 1));
  const picture = drawing(WIDTH, HEIGHT + 6, "The ten probabilities for one digit");
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const bar = drawn("rect", { x: 16, y: digit * ROW, height: ROW - 3, class: "play-bar" });
    picture.append(bar, drawn("text", { x: 2, y: digit * ROW + ROW - 4 }, digit));
    return bar;
  });
  const words = result();

  function show(bits) {
    const network = whole.broken({ bits });
    let right = 0;
    labels.forEach((label, i) => {
      const probabilities = network.run(image(i));
      right += probabilities.indexOf(Math.max(...probabilities)) === label;
    });
    const probabilities = network.run(image(0));
    bars.forEach((bar, digit) => bar.setAttribute("width", Math.max(0.5, (WIDTH - 20) * probabilities[digit])));
    words.textContent = `${right} of ${labels.length} test digits are read correctly. The bars show the probabilities for a ${labels[0]}.`;
  }

  const settings = { label: "bits per weight", min: 2, max: 8, step: 1, value: 8 };
  place.append(playground("Try it: use fewer bits (the dense network of lesson 5)", slider(settings, show), picture, words));
  show(8);
}
