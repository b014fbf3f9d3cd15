// What the playgrounds are built of: sliders, choices and drawings that grow with the page. All work with a keyboard.

const SVG = "http://www.w3.org/2000/svg";

export function made(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

export function drawn(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// A drawing of width × height units. words: what it shows, for those who can't see it.
export function drawing(width, height, words) {
  return drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words, class: "play-drawing" });
}

// changed(value) is called while it moves. told(value): the value in words, beside it.
export function slider({ label, min, max, step, value, told = String }, changed) {
  const input = made("input", { type: "range", min, max, step, value });
  const output = made("output");
  const tell = () => {
    output.textContent = told(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  tell();
  input.addEventListener("input", () => {
    tell();
    changed(Number(input.value));
  });
  return made("label", { className: "play-slider" }, made("span", { textContent: label }), input, output);
}

export function button(text, act) {
  const element = made("button", { type: "button", textContent: text });
  element.addEventListener("click", act);
  return element;
}

// Choices of which one holds. names: what each is called; chosen(index) is called when it changes.
export function choice(label, names, chosen) {
  const select = made("select", {}, ...names.map((textContent, value) => made("option", { value, textContent })));
  select.addEventListener("change", () => chosen(Number(select.value)));
  return made("label", { className: "play-slider" }, made("span", { textContent: label }), select);
}

// What has changed, in a sentence; a screen reader says it once the hand rests.
export function result() {
  const element = made("p", { className: "play-result" });
  element.setAttribute("aria-live", "polite");
  return element;
}

export function playground(title, ...children) {
  const heading = made("p", { className: "play-title", textContent: title });
  const element = made("div", { className: "playground" }, heading, ...children);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", title);
  return element;
}
