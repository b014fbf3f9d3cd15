// Drawings that were kept with their labels: a test set of one's own, and what each network makes of it.

import { inPercent, largest } from "./bars.js";
import { element } from "./pad.js";
import { digitCanvas } from "./pictures.js";

const SHOWN = 12; // worst cases

export class Collection {
  // drawings: { list(): [{ id, label, gray }], keep(gray, label), remove(id) }, all of them promises.
  // read(gray): the prepared digit, 784 levels, or null. open(gray): puts a drawing back on the paper.
  constructor({ drawings, read, open, current }) {
    Object.assign(this, { drawings, read, open, current });
    this.kept = [];
    this.summary = element("p");
    this.table = element("div", { className: "digits-matrix" });
    this.worst = element("div", { className: "digits-worst" });
    this.element = element("div", { className: "digits-collection" }, this.summary, this.table, this.worst);
  }

  async load() {
    this.kept = await this.drawings.list();
    for (const one of this.kept) one.digit = this.read(one.gray);
  }

  async keep(gray, label) {
    const kept = await this.drawings.keep(gray, label);
    this.kept.push({ ...kept, gray, digit: this.read(gray) });
  }

  async show() {
    const { network, title, probabilities } = this.current();
    const usable = this.kept.filter(({ digit }) => digit);
    if (!usable.length) {
      this.summary.textContent = "Nothing kept yet. Draw a digit, then say what it was: the buttons are below the paper.";
      this.table.replaceChildren();
      this.worst.replaceChildren();
      return;
    }
    const rows = [];
    for (const one of usable) rows.push({ ...one, answer: await probabilities(network, one.digit) });
    const right = rows.filter(({ label, answer }) => largest(answer) === label).length;
    this.summary.textContent =
      `${title}: ${right} of your ${rows.length} ${rows.length > 1 ? "drawings" : "drawing"} right, ${inPercent(right / rows.length)}. ` +
      `With 95% confidence, its accuracy on your hand is between ${interval(right, rows.length).map(inPercent).join(" and ")}.`;
    this.table.replaceChildren(matrix(rows));
    const wrong = rows
      .filter(({ label, answer }) => largest(answer) !== label)
      .sort((a, b) => a.answer[a.label] - b.answer[b.label]);
    this.worst.replaceChildren(...wrong.slice(0, SHOWN).map((one) => this.example(one)));
  }

  example({ id, label, digit, answer, gray }) {
    const text = `your ${label}, read as ${largest(answer)}`;
    const button = element("button", { type: "button", title: "Put it back on the paper" });
    button.append(digitCanvas({ height: 28, width: 28, values: digit }), element("span", { textContent: text }));
    button.addEventListener("click", () => this.open(gray));
    const remove = element("button", { type: "button", className: "digits-remove", textContent: "Delete" });
    remove.setAttribute("aria-label", `Delete ${text}`);
    remove.addEventListener("click", async () => {
      await this.drawings.remove(id);
      this.kept = this.kept.filter((other) => other.id !== id);
      await this.show();
    });
    return element("div", {}, button, remove);
  }
}

function matrix(rows) {
  const counts = Array.from({ length: 10 }, () => new Array(10).fill(0));
  for (const { label, answer } of rows) counts[label][largest(answer)]++;
  const head = element("tr", {}, element("th", { scope: "col", textContent: "yours \\ read as" }));
  for (let digit = 0; digit < 10; digit++) head.append(element("th", { scope: "col", textContent: digit }));
  const body = counts.map((row, label) => {
    const line = element("tr", {}, element("th", { scope: "row", textContent: label }));
    row.forEach((count, digit) => {
      const cell = element("td", { textContent: count || "·" });
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
