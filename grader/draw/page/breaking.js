// Break it: changes to the drawing and to the network. Each asks for a prediction before it shows what happens.

import { element } from "./pad.js";
import { largest, percent } from "./bars.js";

// control: checkbox, range or choice; `broken` is the value that the prediction is about, `whole` the one that changes
// nothing. brief: how the page says that it is broken.
export const BREAKS = [
  {
    name: "prepared",
    title: "Skip the preparation",
    brief: "no preparation",
    question: "The whole page shrinks to 28×28 pixels, with no cropping or centering.",
    control: { type: "checkbox", label: "Prepare the drawing", whole: true, broken: false },
  },
  {
    name: "across",
    title: "Shift the digit",
    brief: "shifted digit",
    question: "After the preparation, the 28×28 picture moves 6 pixels to the right.",
    control: { type: "range", label: "Pixels to the right", min: -10, max: 10, whole: 0, broken: 6 },
  },
  {
    name: "turn",
    title: "Rotate the drawing",
    brief: "rotated drawing",
    question: "The drawing is rotated 40 degrees clockwise.",
    control: { type: "range", label: "Degrees clockwise", min: -90, max: 90, step: 5, whole: 0, broken: 40 },
  },
  {
    name: "pen",
    title: "Use a thicker pen",
    brief: "other pen",
    question: "The same strokes are drawn with a pen twice as wide.",
    control: { type: "range", label: "Pen width (1 = normal)", min: 0.4, max: 3, step: 0.1, whole: 1, broken: 2 },
  },
  {
    name: "noise",
    title: "Add noise",
    brief: "noise",
    question: "At random, each pixel of the drawing gets up to 90 levels brighter or darker.",
    control: { type: "range", label: "Levels of noise", min: 0, max: 120, step: 5, whole: 0, broken: 90 },
  },
  {
    name: "bits",
    title: "Round the weights",
    brief: "rounded weights",
    question: "Each weight is rounded to one of its unit's three values, which takes 2 bits.",
    control: { type: "choice", label: "Bits per weight", values: { "as they are": 32, 8: 8, 4: 4, 2: 2, 1: 1 }, whole: 32, broken: 2 },
  },
  {
    name: "biases",
    title: "Remove the biases",
    brief: "no biases",
    question: "All biases become 0.",
    control: { type: "checkbox", label: "Keep the biases", whole: true, broken: false },
  },
  {
    name: "half",
    title: "Silence half the filters (network 1)",
    brief: "half of the filters silenced",
    question: "Every other filter or unit in the first layer outputs 0.",
    control: { type: "checkbox", label: "Keep all filters", whole: true, broken: false },
  },
];
export const WHOLE = Object.fromEntries(BREAKS.map(({ name, control }) => [name, control.whole]));

export class Breaking {
  // whole(): undoes all changes, resolves to the probabilities without them, or null.
  // change(name, value): applies a change, resolves to the new ones. problem(name): why it would change nothing, or "".
  // afterReset(): called when all changes have been undone.
  constructor({ whole, change, problem, afterReset }) {
    Object.assign(this, { whole, change, problem, afterReset });
    this.parts = BREAKS.map((entry) => this.part(entry));
    this.now = this.parts.map(({ now }) => now); // lines for the answers, beside the controls
    const reset = element("button", { type: "button", textContent: "Undo all changes" });
    reset.addEventListener("click", () => this.resetAll());
    this.element = element("div", { className: "digits-breaking" }, ...this.parts.map(({ box }) => box), reset);
  }

  part({ name, title, question, control }) {
    const input = makeInput(control);
    const shown = element("span", { textContent: control.type === "range" ? control.whole : "" });
    const knob = element("label", { className: "digits-knob" }, `${control.label} `, input, shown);
    const now = element("p", { className: "digits-now" });
    const afterwards = element("div", { hidden: true }, knob, now);
    const result = element("p", { className: "digits-result" });
    result.setAttribute("role", "status");
    const buttons = ["It will stay the same", "It will change"].map((text, index) => {
      const button = element("button", { type: "button", textContent: text });
      button.addEventListener("click", () => predict(index === 1));
      return button;
    });
    const asked = element("p", { className: "digits-choices" }, ...buttons);
    const box = element("details", {}, element("summary", { textContent: title }));
    box.append(element("p", { textContent: `${question} Will the answer stay the same?` }), asked, result, afterwards);
    const set = (value) => {
      write(input, value);
      if (control.type === "range") shown.textContent = value;
      return this.change(name, value);
    };
    const predict = async (changes) => {
      const before = await this.whole(); // each question is about one change
      const problem = before ? this.problem(name) : "Draw a digit first.";
      if (problem) {
        result.textContent = problem;
        return;
      }
      const after = await set(control.broken);
      afterwards.hidden = false;
      asked.hidden = true;
      input.focus();
      const next = control.type === "checkbox" ? "Use the checkbox to compare." : "Try other values below.";
      result.textContent = `${after ? told(before, after, changes) : "The network gives no answer now."} ${next}`;
    };
    input.addEventListener("input", () => set(read(input)));
    const reset = () => {
      afterwards.hidden = true;
      asked.hidden = false;
      result.textContent = "";
      return set(control.whole);
    };
    return { name, box, now, reset };
  }

  resetAll() {
    for (const part of this.parts) part.reset();
    this.afterReset();
  }

  // Undo one change.
  reset(name) {
    this.parts.find((part) => part.name === name).reset();
  }
}

function told(before, after, predicted) {
  const [was, is] = [before, after].map(largest);
  const right = (was !== is) === predicted ? "You were right: " : "Not this time: ";
  const fact = was === is ? `it is still ${is}` : `${was} became ${is}`;
  return `${right}${fact} (${percent(before[was])} before, ${percent(after[is])} now).`;
}

function makeInput({ type, values, min, max, step = 1, whole }) {
  if (type === "choice") {
    const options = Object.entries(values).sort(([, a], [, b]) => b - a);
    return element("select", {}, ...options.map(([textContent, value]) => element("option", { value, textContent })));
  }
  const input = element("input", { type });
  if (type === "range") Object.assign(input, { min, max, step, value: whole });
  else input.checked = whole;
  return input;
}

const read = (input) => (input.type === "checkbox" ? input.checked : Number(input.value));
const write = (input, value) => {
  if (input.type === "checkbox") input.checked = value;
  else input.value = value;
};
