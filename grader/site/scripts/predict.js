// A prediction becomes a question: choose an answer, check it, and read why it is right or wrong. The first answer counts
// and stays in the browser.

import { button, made } from "./controls.js";
import { noted, note } from "./notes.js";

const LETTER = /^\s*([a-z])\)\s*/;

export function begin() {
  document.querySelectorAll(".box.predict").forEach(ask);
}

// What the cell below a question shows: covered until the question is answered, or the reader asks to see it. Returns a
// function that uncovers it.
function cover(box) {
  let results = box.nextElementSibling;
  while (results && !results.matches(".results, .predict")) results = results.nextElementSibling;
  if (!results?.matches(".results")) return () => {};
  const content = made("div", { className: "results-content", inert: true }, ...results.childNodes);
  const show = button("Show it without predicting", () => {
    uncover();
    results.tabIndex = -1;
    results.focus();
  });
  const uncover = () => {
    content.inert = false;
    results.classList.remove("is-covered");
    show.remove();
  };
  results.classList.add("is-covered");
  results.append(content, show);
  return uncover;
}

function ask(box) {
  const list = box.querySelector("ul");
  const known = box.querySelector(".predict-answer");
  if (!list || !known) return;
  const { key, answer, reason } = JSON.parse(known.textContent);
  const verdict = made("p", { className: "predict-verdict" });
  verdict.tabIndex = -1;
  const choices = new Map();
  const fields = made("fieldset", {}, made("legend", { className: "visually-hidden", textContent: "Your prediction" }));
  const check = button("Check", () => show(fields.querySelector("input:checked").value, true));
  Object.assign(check, { className: "predict-check", disabled: true });
  for (const item of list.children) {
    const letter = item.textContent.match(LETTER)?.[1];
    if (!letter) return;
    const input = made("input", { type: "radio", name: key, value: letter });
    const label = made("label", {}, input, ...(item.querySelector("p") ?? item).childNodes);
    input.addEventListener("change", () => (check.disabled = false));
    choices.set(letter, { input, label });
    fields.append(label);
  }
  list.replaceWith(fields, check, verdict);
  const uncover = cover(box);

  function show(letter, isNew) {
    for (const [each, { label }] of choices) {
      label.classList.toggle("is-right", each === answer);
      label.classList.toggle("is-wrong", each === letter && letter !== answer);
    }
    verdict.textContent = `${letter === answer ? "Right." : `Not quite. The answer is (${answer}).`} ${reason}`;
    if (isNew) note(key, letter);
    for (const { input } of choices.values()) input.disabled = true; // a prediction is made once
    uncover();
    if (isNew) verdict.focus(); // the button that had the focus goes
    check.remove();
  }

  const before = noted(key);
  if (choices.has(before)) {
    choices.get(before).input.checked = true;
    show(before, false);
  }
}
