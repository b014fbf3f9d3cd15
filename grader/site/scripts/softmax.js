// Three scores and what softmax makes of them.

import { button, drawing, drawn, made, playground, result, slider } from "./controls.js";

const NAMES = ["a", "b", "c"];
const [WIDTH, HEIGHT, BAR] = [300, 130, 60];

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
  }

  const sliders = made("div", {});
  function build() {
    sliders.replaceChildren(
      ...NAMES.map((name, i) =>
        slider({ label: `score of ${name}`, min: -6, max: 12, step: 0.1, value: scores[i], told: (v) => v.toFixed(1) }, (value) => {
          scores[i] = value;
          show();
        }),
      ),
    );
    show();
  }
  const change = (change) => () => {
    scores.forEach((score, i) => (scores[i] = Math.max(-6, Math.min(12, change(score)))));
    build();
  };
  const buttons = made("div", { className: "play-buttons" }, button("Add 5 to each", change((s) => s + 5)), button("Double each", change((s) => 2 * s)), button("Start over", () => {
    scores.splice(0, 3, 2, 1, -1);
    build();
  }));
  place.append(playground("Try it: change the scores", sliders, buttons, picture, words));
  build();
}
