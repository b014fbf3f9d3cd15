// What a term means. A mouse that rests on it shows the title; a finger can't rest, so the first tap shows it, too.

import { made } from "./controls.js";

export function begin() {
  if (!matchMedia("(hover: none)").matches) return;
  for (const term of document.querySelectorAll("a.term")) {
    const meaning = made("span", { className: "term-meaning", textContent: term.title, hidden: true });
    meaning.setAttribute("role", "status");
    term.after(meaning);
    term.addEventListener("click", (event) => {
      if (!meaning.hidden) return; // the second tap leads to the glossary
      event.preventDefault();
      meaning.hidden = false;
    });
    meaning.addEventListener("click", () => (meaning.hidden = true));
  }
}
