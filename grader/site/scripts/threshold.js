// A search for eights: how sure is sure enough? The scores are computed here, by the softmax regression of the page for
// drawing, which was trained longer than the lesson's.

import { drawing, drawn, made, playground, result, slider } from "./controls.js";
import { data, networkBytes } from "./data.js";
import { Network } from "./network.js";

const [WIDTH, HEIGHT, BINS] = [320, 120, 40];

export async function begin(place) {
  const [{ images, labels }, file] = await Promise.all([data(), networkBytes("03_softmax_regression")]);
  const network = await Network.read(file);
  const scores = Array.from(labels, (_, i) => network.run(images.subarray(784 * i, 784 * (i + 1)))[8]);
  const picture = drawing(WIDTH, HEIGHT, "Histograms of the probability of an eight, for eights and for other digits");
  for (const [isEight, kind] of [[false, "play-other"], [true, "play-bar"]]) {
    const counts = new Array(BINS).fill(0);
    scores.forEach((score, i) => (labels[i] === 8) === isEight && counts[Math.min(BINS - 1, Math.floor(score * BINS))]++);
    const top = Math.log1p(Math.max(...counts));
    counts.forEach((count, bin) => {
      const height = (Math.log1p(count) / top) * (HEIGHT / 2 - 8);
      const y = isEight ? HEIGHT / 2 - height : HEIGHT / 2 + 2;
      picture.append(drawn("rect", { x: (bin * WIDTH) / BINS, y, width: WIDTH / BINS - 1, height, class: kind }));
    });
  }
  picture.append(drawn("text", { x: WIDTH / 2, y: 12, "text-anchor": "middle" }, "eights"), drawn("text", { x: WIDTH / 2, y: HEIGHT - 4, "text-anchor": "middle" }, "other digits"));
  const line = drawn("line", { y1: 0, y2: HEIGHT, class: "play-line" });
  picture.append(line);
  const words = result();
  const small = made("p", { className: "play-note", textContent: `The first ${labels.length} test digits, read by a softmax regression that was trained longer than the one above. From left to right: the probability of an 8, from 0 to 1. The bars are logarithmic, so that a single digit can be seen.` });

  function show(threshold) {
    const count = (isCalled, isEight) => scores.filter((score, i) => score >= threshold === isCalled && (labels[i] === 8) === isEight).length;
    const [hits, alarms, missed] = [count(true, true), count(true, false), count(false, true)];
    line.setAttribute("x1", threshold * WIDTH);
    line.setAttribute("x2", threshold * WIDTH);
    const share = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)}%` : "undefined");
    words.textContent = `${hits + alarms} digits are called 8s, and ${hits} of them really are: precision ${share(hits, hits + alarms)}. Of ${hits + missed} eights, ${hits} are found: recall ${share(hits, hits + missed)}.`;
  }

  const settings = { label: "threshold", min: 0.01, max: 0.99, step: 0.01, value: 0.5, told: (v) => v.toFixed(2) };
  place.append(playground("Try it: move the threshold", slider(settings, show), picture, words, small));
  show(0.5);
}
