// What a term means. A mouse that rests on it shows the title. A finger can't rest, so its first tap shows it below the
// text; so does the focus of a keyboard.

import { made } from "./controls.js";

export function begin() {
  const isTouched = matchMedia("(hover: none)").matches;
  for (const term of document.querySelectorAll("a.term")) {
    const meaning = made("span", { className: "term-meaning", textContent: term.title, hidden: true });
    term.after(meaning);
    term.addEventListener("focus", () => (meaning.hidden = !term.matches(":focus-visible")));
    term.addEventListener("blur", () => (meaning.hidden = !isTouched || meaning.hidden));
    term.addEventListener("click", (event) => {
      if (!isTouched || !meaning.hidden) return; // a second tap leads to the glossary
      event.preventDefault();
      meaning.hidden = false;
    });
    meaning.addEventListener("click", () => (meaning.hidden = true));
  }
}
