// Drawings that were kept with their labels: a test set of one's own, and what each network makes of it.

import { inPercent, largest } from "./bars.js";
import { element } from "./pad.js";
import { digitCanvas } from "./pictures.js";

const SHOWN = 24; // cards of a kind

export class Collection {
  // drawings: { list(): [{ id, label, gray }], keep(gray, label), remove(id) }, all of them promises.
  // read(gray): the prepared digit, 784 levels, or null. open(gray): puts a drawing back on the paper.
  // ask(digit): the network's probabilities; title(): its name. changed(): called after a drawing was deleted.
  constructor({ drawings, read, open, ask, title, changed }) {
    Object.assign(this, { drawings, read, open, ask, title, changed });
    this.kept = [];
    this.summary = element("p", { tabIndex: -1 });
    this.table = element("div", { className: "digits-matrix" });
    this.cards = element("div");
    this.element = element("div", { className: "digits-collection" }, this.summary, this.table, this.cards);
  }

  async load() {
    this.kept = (await this.drawings.list()).filter(Boolean); // null: a file that is no picture
    for (const one of this.kept) one.digit = this.read(one.gray);
  }

  async keep(gray, label) {
    const kept = await this.drawings.keep(gray, label);
    this.kept.push({ ...kept, gray, digit: this.read(gray) });
  }

  async show() {
    const usable = this.kept.filter(({ digit }) => digit);
    if (!usable.length) {
      this.summary.textContent = 'You have no drawings yet. Draw a digit, then choose a number after "Keep it as".';
      this.table.replaceChildren();
      this.cards.replaceChildren();
      return;
    }
    const rows = [];
    for (const one of usable) rows.push({ ...one, answer: await this.ask(one.digit) });
    const isRight = ({ label, answer }) => largest(answer) === label;
    const [right, wrong] = [rows.filter(isRight), rows.filter((row) => !isRight(row))];
    const [low, high] = interval(right.length, rows.length).map(inPercent);
    this.summary.textContent =
      `${this.title()} reads ${right.length} of your ${rows.length} ${rows.length > 1 ? "drawings" : "drawing"} correctly ` +
      `(${inPercent(right.length / rows.length)}). 95% confidence interval for its accuracy on your handwriting: ${low} to ${high}.`;
    this.table.replaceChildren(matrix(rows));
    wrong.sort((a, b) => a.answer[a.label] - b.answer[b.label]);
    const focused = document.activeElement?.dataset.drawing;
    this.cards.replaceChildren(
      ...(wrong.length ? this.list("Misread, worst first", wrong) : []),
      ...(right.length ? this.list("Read correctly", right.reverse()) : []),
    );
    if (focused) this.cards.querySelector(`[data-drawing="${focused}"]`)?.focus();
  }

  list(title, rows) {
    const cards = rows.slice(0, SHOWN).map((row) => this.card(row));
    const rest = rows.length > SHOWN ? `, ${SHOWN} of ${rows.length}` : "";
    return [element("h3", { textContent: title + rest }), element("div", { className: "digits-cards" }, ...cards)];
  }

  card({ id, label, digit, answer, gray }) {
    const text = `your ${label}, read as ${largest(answer)}`;
    const button = element("button", { type: "button", title: "Put it back on the paper" });
    button.append(digitCanvas({ height: 28, width: 28, values: digit }), element("span", { textContent: text }));
    button.addEventListener("click", () => this.open(gray));
    const remove = element("button", { type: "button", className: "digits-remove", textContent: "Delete" });
    remove.setAttribute("aria-label", `Delete ${text}`);
    button.dataset.drawing = `open ${id}`;
    remove.dataset.drawing = `delete ${id}`;
    remove.addEventListener("click", () => this.remove(id, remove));
    return element("div", {}, button, remove);
  }

  async remove(id, button) {
    try {
      await this.drawings.remove(id);
    } catch (error) {
      this.summary.textContent = error.message;
      return;
    }
    this.kept = this.kept.filter((other) => other.id !== id);
    const all = [...this.cards.querySelectorAll(".digits-remove")];
    const next = all[all.indexOf(button) + 1]?.dataset.drawing;
    await this.changed();
    (this.cards.querySelector(`[data-drawing="${next}"]`) ?? this.summary).focus();
  }
}

function matrix(rows) {
  const counts = Array.from({ length: 10 }, () => new Array(10).fill(0));
  for (const { label, answer } of rows) counts[label][largest(answer)]++;
  const head = element("tr", {}, element("th", { scope: "col", textContent: "drawn \\ read" }));
  for (let digit = 0; digit < 10; digit++) head.append(element("th", { scope: "col", textContent: digit }));
  const body = counts.map((row, label) => {
    const line = element("tr", {}, element("th", { scope: "row", textContent: label }));
    row.forEach((count, digit) => {
      const cell = element("td", { textContent: count || "" });
      if (count) cell.className = digit === label ? "is-right" : "is-wrong";
      line.append(cell);
    });
    return line;
  });
  const caption = element("caption", { textContent: "Confusion matrix" });
  return element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...body));
}

// Wilson's interval, as in lesson 8.
function interval(right, total) {
  const z = 1.959964;
  const share = right / total;
  const middle = (share + z ** 2 / (2 * total)) / (1 + z ** 2 / total);
  const half = (z * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2))) / (1 + z ** 2 / total);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
