// Break it: changes to the drawing and to the network. Each asks for a prediction before it shows what happens.

import { element } from "./pad.js";
import { largest, percent } from "./bars.js";

// control: checkbox or range; `broken` is the value that the prediction is about, `whole` the one that changes nothing.
export const BREAKS = [
  {
    name: "prepared",
    title: "Without the preparation",
    question: "The whole page is shrunk to 28×28 as it is: no crop, no centering. What will the network make of it?",
    control: { type: "checkbox", label: "Prepare the drawing", whole: true, broken: false },
  },
  {
    name: "across",
    title: "Shift the digit",
    question: "The 28×28 picture is shifted to the right by 6 pixels, after the preparation. Does the answer stay?",
    control: { type: "range", label: "Pixels to the right", min: -10, max: 10, whole: 0, broken: 6 },
  },
  {
    name: "turn",
    title: "Rotate the drawing",
    question: "The drawing is rotated by 40 degrees. Does the answer stay?",
    control: { type: "range", label: "Degrees", min: -90, max: 90, step: 5, whole: 0, broken: 40 },
  },
  {
    name: "pen",
    title: "A thicker pen",
    question: "The same strokes are drawn with a pen twice as wide. Does the answer stay?",
    control: { type: "range", label: "Times as wide", min: 0.4, max: 2.4, step: 0.1, whole: 1, broken: 2 },
  },
  {
    name: "noise",
    title: "Noise",
    question: "Each pixel of the drawing becomes up to 90 levels brighter or darker. Does the answer stay?",
    control: { type: "range", label: "Levels of noise", min: 0, max: 120, step: 5, whole: 0, broken: 90 },
  },
  {
    name: "bits",
    title: "Rounded weights",
    question: "Every weight is rounded to one of three values per unit: 2 bits instead of 32. Does the answer stay?",
    control: { type: "choice", label: "Bits per weight", values: [32, 8, 4, 2, 1], whole: 32, broken: 2 },
  },
  {
    name: "biases",
    title: "No biases",
    question: "All biases become 0. Does the answer stay?",
    control: { type: "checkbox", label: "Keep the biases", whole: true, broken: false },
  },
  {
    name: "half",
    title: "Silence half of the filters",
    question: "Every second filter or unit of the first layer is set to 0. Does the answer stay?",
    control: { type: "checkbox", label: "Keep all filters", whole: true, broken: false },
  },
];
export const WHOLE = Object.fromEntries(BREAKS.map(({ name, control }) => [name, control.whole]));

export class Breaking {
  // answer(): the current probabilities, or null. change(name, value): applies a change, resolves to the new ones.
  // problem(name): why a change would change nothing, or "". afterReset(): called when all changes have been undone.
  constructor({ answer, change, problem, afterReset }) {
    Object.assign(this, { answer, change, problem, afterReset });
    this.parts = BREAKS.map((entry) => this.part(entry));
    const reset = element("button", { type: "button", textContent: "Undo all changes" });
    reset.addEventListener("click", () => this.reset());
    this.element = element("div", { className: "digits-breaking" }, ...this.parts.map(({ box }) => box), reset);
  }

  part({ name, title, question, control }) {
    const input = makeInput(control);
    const shown = element("output", { textContent: control.type === "range" ? control.whole : "" });
    const knob = element("label", { className: "digits-knob", hidden: true }, `${control.label} `, input, shown);
    const result = element("p", { className: "digits-result" });
    result.setAttribute("role", "status");
    const buttons = ["It stays the same.", "It changes."].map((text, index) => {
      const button = element("button", { type: "button", textContent: text });
      button.addEventListener("click", () => predict(index === 1));
      return button;
    });
    const asked = element("p", { className: "digits-choices" }, ...buttons);
    const box = element("details", {}, element("summary", { textContent: title }));
    box.append(element("p", { textContent: question }), asked, result, knob);
    const set = (value) => {
      write(input, value);
      if (control.type === "range") shown.textContent = value;
      return this.change(name, value);
    };
    const predict = async (changes) => {
      const before = this.answer();
      const problem = before ? this.problem(name) : "Draw a digit first.";
      if (problem) {
        result.textContent = problem;
        return;
      }
      const after = await set(control.broken);
      knob.hidden = false;
      asked.hidden = true;
      result.textContent = after ? told(before, after, changes) : "Now there is no answer. Try other values below.";
    };
    input.addEventListener("input", () => set(read(input)));
    const reset = () => {
      knob.hidden = true;
      asked.hidden = false;
      result.textContent = "";
      return set(control.whole);
    };
    return { box, reset };
  }

  reset() {
    for (const part of this.parts) part.reset();
    this.afterReset();
  }
}

function told(before, after, predicted) {
  const [was, is] = [before, after].map(largest);
  const right = (was !== is) === predicted ? "You were right: " : "Not this time: ";
  const fact = was === is ? `it is still a ${is}` : `the ${was} has become a ${is}`;
  return `${right}${fact} (${percent(before[was])} before, ${percent(after[is])} now). Try other values below.`;
}

function makeInput({ type, values, min, max, step = 1, whole }) {
  if (type === "choice") {
    return element("select", {}, ...values.map((value) => element("option", { value, textContent: value })));
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
