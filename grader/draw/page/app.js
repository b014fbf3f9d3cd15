// The page: paper on the left, what networks make of it on the right, and below, why.

import { Bars, largest, percent } from "./bars.js";
import { BREAKS, Breaking, WHOLE } from "./breaking.js";
import { Collection } from "./collection.js";
import { linearWeights, occlusion, weightsOf } from "./evidence.js";
import { Familiarity } from "./familiarity.js";
import { Inside, stages } from "./inside.js";
import { Network } from "./network.js";
import { Pad, element, newId } from "./pad.js";
import { digitCanvas, mapsCanvas } from "./pictures.js";
import { prepare, shrink, toGrayscale } from "./preparation.js";

const PAUSE = 200; // milliseconds without a stroke before what takes longer is computed
const STAGES = [
  ["bright", "bright ink, dark paper"],
  ["cut", "the ink alone"],
  ["fitted", "20 pixels on its longer side"],
  ["digit", "centered by mass: what the network sees"],
];

// host: what differs between a server, a notebook and a file.
//   first, second: the ids of the networks to begin with;
//   networks(): a list of { id, title, group, saved }, where saved differs after the learner has saved it again;
//   open(id): the bytes of its file, or null if only predict can run it;
//   predict(id, pixels): ten probabilities; familiar(): bytes; drawings: see collection.js;
//   prepare(levels): 784 levels, by the learner's own function; missing where there is none.
export async function mount(root, host) {
  const page = new Page(host);
  if (!root.closest(".digits-draw")) root.classList.add("digits-draw"); // what the style sheet is about
  root.replaceChildren(page.element);
  await page.begin();
  return page;
}

class Page {
  constructor(host) {
    this.host = host;
    this.changes = { ...WHOLE };
    this.silenced = {};
    this.pad = new Pad(() => this.update());
    this.sides = [new Side(this, "Network"), new Side(this, "Compare with")];
    this.inside = new Inside((layer, map) => this.silence(layer, map));
    this.breaking = new Breaking({
      answer: () => this.sides[0].probabilities,
      change: (name, value) => this.change(name, value),
      problem: (name) => this.problemWith(name),
      afterReset: () => {
        this.silenced = {};
        this.rebuild();
      },
    });
    this.collection = new Collection({
      drawings: host.drawings,
      read: (gray) => prepare(gray)?.digit.values ?? null,
      open: (gray) => this.pad.open(digitCanvas(gray)),
      current: () => ({ network: this.sides[0], title: this.sides[0].title, probabilities: (side, digit) => side.ask(digit) }),
    });
    this.build();
  }

  build() {
    const button = (text, act) => {
      const made = element("button", { type: "button", textContent: text });
      made.addEventListener("click", act);
      return made;
    };
    this.message = element("p", { className: "digits-message" });
    this.message.setAttribute("role", "status");
    const labels = Array.from({ length: 10 }, (_, digit) => {
      const made = button(digit, () => this.keep(digit));
      made.setAttribute("aria-label", `That was a ${digit}`);
      return made;
    });
    const tools = element("div", { className: "digits-tools" });
    tools.append(button("Undo", () => this.pad.undo()), button("Clear", () => this.pad.clear()));
    const keep = element("div", { className: "digits-keep" }, element("span", { textContent: "Keep it. That was a" }));
    keep.append(...labels);
    const left = element("div", { className: "digits-left" }, this.pad.paper, tools, this.message);
    const below = element("div", { className: "digits-below" }, keep, this.pad.help);
    this.stages = STAGES.map(([key, words]) => ({ key, canvas: element("canvas"), words }));
    const strip = element("div", { className: "digits-stages" });
    for (const { canvas, words } of this.stages) strip.append(figure(canvas, words));
    if (this.host.prepare) strip.append(this.ownPreparation());
    this.why = element("div", { className: "digits-why" });
    this.sections = {
      sees: section("What the network sees", true, strip),
      inside: section("Inside: what each layer responds to", false, this.inside.element),
      why: section("Why this answer?", false, this.why),
      breaking: section("Break it", false, this.breaking.element),
      collection: section("Your own test set", false, this.collection.element),
    };
    for (const part of Object.values(this.sections)) part.addEventListener("toggle", () => this.update());
    this.broken = element("p", { className: "digits-broken" });
    this.broken.setAttribute("role", "status");
    const right = element("div", { className: "digits-right" }, ...this.sides.map((side) => side.element), this.broken);
    const top = element("div", { className: "digits-top" }, left, right, below);
    this.element = element("div", {}, top, ...Object.values(this.sections));
  }

  ownPreparation() {
    this.own = element("input", { type: "checkbox" });
    this.own.addEventListener("change", () => this.update());
    return element("label", { className: "digits-knob" }, this.own, " with my own prepare_image");
  }

  async begin() {
    const [networks, familiar] = await Promise.all([this.host.networks(), this.host.familiar()]);
    this.familiarity = await Familiarity.read(familiar);
    this.sides[0].offer(networks, this.host.first);
    this.sides[1].offer(networks, this.host.second);
    window.addEventListener("focus", () => this.lookAgain());
    await Promise.all([...this.sides.map((side) => side.choose()), this.collection.load()]);
    this.update();
  }

  // The learner is back from the terminal, where a network may have been saved.
  async lookAgain() {
    if (!this.element.isConnected) return; // a notebook has closed it
    try {
      const networks = await this.host.networks();
      const changed = this.sides.filter((side) => side.offer(networks));
      await Promise.all(changed.map((side) => side.choose()));
      if (changed.length) this.update();
    } catch (error) {
      this.message.textContent = error.message;
    }
  }

  // From the paper to everything that is shown.
  update() {
    const began = performance.now();
    const gray = this.pad.isEmpty ? null : toGrayscale(this.pad.pixels(this.redrawing()));
    if (gray && this.own?.checked) this.preparing = this.prepareElsewhere(gray);
    else this.tell(gray && this.prepared(gray), gray ? "There is no ink." : (this.said ?? "Draw a digit."));
    if (gray) this.said = null;
    this.element.dispatchEvent(new CustomEvent("digits-updated", { bubbles: true, detail: performance.now() - began }));
  }

  redrawing() {
    const { turn, pen, noise } = this.changes;
    return turn || pen !== 1 || noise ? { turn, pen, noise } : null;
  }

  prepared(gray) {
    return this.changes.prepared ? prepare(gray) : { digit: shrink(gray) };
  }

  // stages: what the preparation made of the drawing; null if nothing, and why.
  tell(stages, why = "") {
    this.version = (this.version ?? 0) + 1;
    const { across } = this.changes;
    this.digit = stages && (across ? shifted(stages.digit, across) : stages.digit);
    this.doubt = this.digit ? this.familiarity.doubtAbout(this.digit.values) : "";
    this.message.textContent = this.digit ? this.doubt : why;
    for (const side of this.sides) side.show(this.digit?.values, Boolean(this.doubt));
    if (this.sections.sees.open) this.showStages(stages && { ...stages, digit: this.digit });
    if (this.sections.inside.open) this.showInside();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.afterPause(), PAUSE);
  }

  // The learner's own function prepares; while it does, newer drawings replace those that wait.
  async prepareElsewhere(gray) {
    this.waiting = gray;
    if (this.isPreparing) return;
    this.isPreparing = true;
    while (this.waiting) {
      const asked = this.waiting;
      this.waiting = null;
      try {
        this.tell({ digit: { height: 28, width: 28, values: Uint8Array.from(await this.host.prepare(asked.values)) } });
      } catch (error) {
        this.tell(null, error.message);
      }
    }
    this.isPreparing = false;
  }

  showStages(stages) {
    for (const { key, canvas } of this.stages) {
      const picture = stages?.[key];
      if (picture) digitCanvas(picture, canvas);
      canvas.parentNode.hidden = !picture;
    }
  }

  showInside() {
    const { network } = this.sides[0];
    if (!network) this.inside.element.textContent = "This network is computed elsewhere, so its layers are not shown.";
    else {
      network.run(this.digit?.values ?? new Uint8Array(784));
      this.inside.show(network);
    }
  }

  async afterPause() {
    const { version } = this;
    if (this.sections.why.open) await this.explain(() => version === this.version);
    if (this.sections.collection.open) await this.collection.show();
  }

  async explain(isCurrent) {
    const [{ network, probabilities }] = this.sides;
    if (!this.digit || !network || !probabilities) {
      this.why.textContent = network ? "Draw a digit." : "This network is computed elsewhere.";
      return;
    }
    const best = largest(probabilities);
    const kernel = linearWeights(network);
    const parts = [];
    if (kernel) {
      const weights = weightsOf(kernel, best);
      const share = weights.map((weight, i) => (weight * this.digit.values[i]) / 255);
      parts.push(
        figure(mapsCanvas(element("canvas"), weights, [28, 28, 1], 1), `weights for ${best} (blue) and against it (orange)`),
        figure(mapsCanvas(element("canvas"), share, [28, 28, 1], 1), `what your ink adds to the score of ${best}`),
      );
    }
    const drops = await occlusion(network, this.digit.values, best, isCurrent);
    if (!drops || !isCurrent()) return;
    parts.push(
      figure(mapsCanvas(element("canvas"), drops, [7, 7, 1], 1), `blue: covering this part makes ${best} less probable`),
    );
    this.why.replaceChildren(...parts);
  }

  // Why a change would change nothing; "" if it may.
  problemWith(name) {
    const { network } = this.sides[0];
    if (["bits", "biases", "half"].includes(name) && !network) return "This network is computed elsewhere and stays as it is.";
    return name === "half" && !Object.keys(this.everySecond()).length ? "This network has no hidden layer." : "";
  }

  // Changes the drawing or the networks; resolves to the first network's probabilities.
  async change(name, value) {
    this.changes[name] = value;
    if (name === "half") this.silenced = value ? {} : this.everySecond();
    this.rebuild();
    await this.preparing;
    await this.sides[0].asking;
    return this.sides[0].probabilities;
  }

  everySecond() {
    const { network } = this.sides[0];
    const hidden = network && stages(network).find(({ last }) => last < network.layers.length - 1);
    if (!hidden) return {};
    const maps = network.layers[hidden.last].shape.at(-1);
    return { [hidden.last]: new Set(Array.from({ length: Math.floor(maps / 2) }, (_, i) => 2 * i)) };
  }

  silence(layer, map) {
    const maps = new Set(this.silenced[layer] ?? []);
    if (!maps.delete(map)) maps.add(map);
    this.silenced = { ...this.silenced, [layer]: maps };
    this.rebuild();
  }

  rebuild() {
    const changed = BREAKS.filter(({ name, control }) => this.changes[name] !== control.whole).map(({ title }) => title);
    const silent = Object.values(this.silenced).reduce((sum, maps) => sum + maps.size, 0);
    if (silent && this.changes.half) changed.push(`${silent} of the maps silenced`);
    this.broken.textContent = changed.length ? `Broken on purpose: ${changed.join(", ")}.` : "";
    for (const side of this.sides) side.rebuild();
    this.update();
  }

  async keep(label) {
    if (this.pad.isEmpty) {
      this.message.textContent = "Draw a digit first, then say what it was.";
      return;
    }
    try {
      await this.collection.keep(toGrayscale(this.pad.pixels()), label);
    } catch (error) {
      this.message.textContent = error.message;
      return;
    }
    this.said = `Kept as a ${label}. You have ${this.collection.kept.length}.`;
    this.pad.clear();
  }
}

// One network: a list to choose from, its answer and its bars.
class Side {
  constructor(page, label) {
    this.page = page;
    this.select = element("select", { id: newId() });
    this.select.addEventListener("change", async () => {
      await this.choose();
      page.update();
    });
    this.bars = new Bars();
    this.answer = element("p", { className: "digits-answer" });
    this.note = element("p", { className: "digits-note" });
    this.element = element(
      "section",
      { className: "digits-side" },
      element("label", { htmlFor: this.select.id, textContent: label }),
      this.select,
      this.answer,
      this.bars.element,
      this.note,
    );
  }

  // Lists networks; returns whether the chosen one is another one now.
  offer(networks, chosen = this.select.value) {
    const savedBefore = this.entry?.saved;
    const groups = Map.groupBy(networks, ({ group }) => group);
    const lists = [...groups].map(([label, members]) => {
      const options = members.map(({ id, title }) => element("option", { value: id, textContent: title }));
      return element("optgroup", { label }, ...options);
    });
    this.select.replaceChildren(...lists);
    this.networks = networks;
    this.select.value = networks.some(({ id }) => id === chosen) ? chosen : networks[0].id;
    return this.entry?.saved !== savedBefore;
  }

  get entry() {
    return this.networks?.find(({ id }) => id === this.select.value);
  }

  get title() {
    return this.entry.title;
  }

  async choose() {
    const id = this.select.value;
    this.note.textContent = "Loading …";
    let [plain, note] = [null, ""];
    try {
      const bytes = await this.page.host.open(id);
      plain = bytes && (await Network.read(bytes));
      note = plain ? plain.header.about.note : "It has layers that this page does not compute, so it is asked for each answer.";
    } catch (error) {
      note = error.message;
    }
    if (id !== this.select.value) return; // another one was chosen meanwhile
    this.id = id;
    this.plain = plain;
    this.note.textContent = note;
    this.rebuild();
  }

  // The network with everything that was broken on purpose.
  rebuild() {
    const { changes, silenced, sides } = this.page;
    const isBroken = changes.bits < 32 || !changes.biases || Object.keys(silenced).length;
    const own = this === sides[0] ? silenced : {};
    this.network = this.plain && isBroken ? this.plain.broken({ ...changes, silenced: own }) : this.plain;
  }

  show(pixels, isDoubtful) {
    if (pixels && !this.network) {
      this.asking = this.askElsewhere(pixels);
      return;
    }
    this.tell(pixels ? this.network.probabilities(pixels) : null, isDoubtful);
  }

  tell(probabilities, isDoubtful) {
    this.probabilities = probabilities;
    this.bars.show(probabilities, isDoubtful);
    const best = probabilities && largest(probabilities);
    this.answer.textContent = !probabilities
      ? ""
      : isDoubtful
        ? `Probably no digit; if it is one, a ${best}.`
        : `${probabilities[best] < 0.5 ? "A guess: " : ""}${best} (${percent(probabilities[best])})`;
  }

  async ask(pixels) {
    if (this.network) return this.network.probabilities(pixels);
    return this.page.host.predict(this.id, pixels);
  }

  // The server computes it; while it does, newer digits replace those that wait.
  async askElsewhere(pixels) {
    this.waiting = pixels;
    if (this.isAsking || !this.id) return this.asking;
    this.isAsking = true;
    try {
      while (this.waiting) {
        const asked = this.waiting;
        this.waiting = null;
        this.tell(await this.page.host.predict(this.id, asked), Boolean(this.page.doubt));
      }
    } catch (error) {
      this.note.textContent = error.message;
    } finally {
      this.isAsking = false;
    }
  }
}

function figure(canvas, words) {
  return element("figure", {}, canvas, element("figcaption", { textContent: words }));
}

function section(title, open, content) {
  return element("details", { className: "digits-section", open }, element("summary", { textContent: title }), content);
}

function shifted({ height, width, values }, across) {
  const moved = new Uint8Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = x - across;
      if (from >= 0 && from < width) moved[y * width + x] = values[y * width + from];
    }
  }
  return { height, width, values: moved };
}
