// A lesson can be marked as done; the list of lessons shows which are.

import { made } from "./controls.js";
import { note, noted } from "./notes.js";

const LESSON = /\/lessons\/\d\d_(\w+)\.html$/;
const lessonOf = (address) => new URL(address, location.href).pathname.match(LESSON)?.[1];

export function begin() {
  markList();
  const lesson = lessonOf(location.href);
  const article = document.querySelector("[role=main]");
  if (!lesson || !article) return;
  const input = made("input", { type: "checkbox", checked: Boolean(noted("done", lesson)) });
  input.addEventListener("change", () => {
    note("done", input.checked, lesson);
    markList();
  });
  article.append(made("p", { className: "lesson-done" }, made("label", {}, input, " I have finished this lesson")));
}

function markList() {
  for (const link of document.querySelectorAll(".sidebar-tree a")) {
    const lesson = lessonOf(link.href);
    if (lesson) link.classList.toggle("is-done", Boolean(noted("done", lesson)));
  }
}
