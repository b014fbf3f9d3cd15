// Three scores and what softmax makes of them.

import { button, drawing, drawn, made, playground, result, slider } from "./controls.js";

const NAMES = ["a", "b", "c"];
const [WIDTH, HEIGHT, BAR] = [300, 130, 60];
const [LOWEST, HIGHEST] = [-8, 16];
const CHANGES = { "Add 5 to each": (score) => score + 5, "Double each": (score) => 2 * score };

export function begin(place) {
  const scores = [2, 1, -1];
  const words = result();
  const picture = drawing(WIDTH, HEIGHT, "Bars of the three probabilities");
  const bars = NAMES.map((name, i) => {
    const x = 20 + i * (BAR + 40);
    const bar = drawn("rect", { x, width: BAR, class: "play-bar" });
    const value = drawn("text", { x: x + BAR / 2, "text-anchor": "middle" });
    picture.append(bar, value, drawn("text", { x: x + BAR / 2, y: HEIGHT - 4, "text-anchor": "middle" }, name));
    return { bar, value };
  });

  function show() {
    const top = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - top));
    const sum = powers.reduce((one, other) => one + other);
    const probabilities = powers.map((power) => power / sum);
    probabilities.forEach((probability, i) => {
      const height = 90 * probability;
      bars[i].bar.setAttribute("y", HEIGHT - 20 - height);
      bars[i].bar.setAttribute("height", height);
      bars[i].value.setAttribute("y", HEIGHT - 24 - height);
      bars[i].value.textContent = probability.toFixed(3);
    });
    words.textContent = `exp: ${scores.map((score) => Math.exp(score).toFixed(2)).join(", ")}. Probabilities: ${probabilities.map((p) => p.toFixed(3)).join(", ")}.`;
    for (const change of changes) change.made.disabled = !change.isPossible(); // the sliders end somewhere
  }

  const sliders = made("div", {});
  function build() {
    sliders.replaceChildren(
      ...NAMES.map((name, i) =>
        slider({ label: `score of ${name}`, min: LOWEST, max: HIGHEST, step: 0.1, value: scores[i], told: (v) => v.toFixed(1) }, (value) => {
          scores[i] = value;
          show();
        }),
      ),
    );
    show();
  }
  const changes = Object.entries(CHANGES).map(([text, change]) => {
    const made = button(text, () => {
      scores.splice(0, 3, ...scores.map(change));
      build();
    });
    const isPossible = () => scores.map(change).every((score) => score >= LOWEST && score <= HIGHEST);
    return { made, isPossible };
  });
  const again = button("Start over", () => {
    scores.splice(0, 3, 2, 1, -1);
    build();
  });
  const buttons = made("div", { className: "play-buttons" }, ...changes.map((change) => change.made), again);
  place.append(playground("Try it: change the scores", sliders, buttons, picture, words));
  build();
}
