// Ten probabilities as bars.

import { element } from "./pad.js";

// A probability: 0.9834 is "98.3%". None is certain.
export function percent(probability) {
  if (probability >= 0.9995) return ">99.9%";
  return probability < 0.0005 ? "<0.1%" : inPercent(probability);
}

// A share of things that were counted.
export function inPercent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

export function largest(numbers) {
  return numbers.reduce((best, value, i) => (value > numbers[best] ? i : best), 0);
}

export class Bars {
  constructor() {
    this.rows = Array.from({ length: 10 }, (_, digit) => {
      const bar = element("span", { className: "digits-bar" });
      const value = element("span", { className: "digits-value" });
      const row = element(
        "div",
        { className: "digits-row" },
        element("span", { className: "digits-label", textContent: digit }),
        element("span", { className: "digits-track" }, bar),
        value,
      );
      return { row, bar, value };
    });
    this.element = element("div", { className: "digits-bars" }, ...this.rows.map(({ row }) => row));
    this.element.setAttribute("role", "img");
    this.show(null);
  }

  // probabilities: ten numbers, or null for no answer.
  show(probabilities, isDoubtful = false) {
    const best = probabilities && largest(probabilities);
    this.rows.forEach(({ row, bar, value }, digit) => {
      const share = probabilities ? probabilities[digit] : 0;
      bar.style.transform = `scaleX(${share})`;
      value.textContent = probabilities && share >= 0.0005 ? percent(share) : "";
      row.classList.toggle("is-best", digit === best);
    });
    this.element.classList.toggle("is-doubtful", isDoubtful);
    this.element.setAttribute("aria-label", probabilities ? this.inWords(probabilities) : "No answer yet");
  }

  inWords(probabilities) {
    const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    return order.slice(0, 3).map((digit) => `${digit}: ${percent(probabilities[digit])}`).join(", ");
  }
}
