// The page: paper on the left, what two networks make of it on the right, and below, why.

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

const PAUSE = 200; // milliseconds without a stroke before what takes longer is computed, and what is doubtful is said
const TOO_LITTLE = "There is too little ink to read. Draw more.";
const STAGES = [
  ["bright", "bright ink on dark paper"],
  ["cut", "cropped to the ink"],
  ["fitted", "longer side: 20 pixels"],
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
    this.pad = new Pad(() => this.update(), (text) => this.say(text));
    this.sides = [new Side(this, "Network 1"), new Side(this, "Network 2")];
    this.inside = new Inside((layer, map) => this.silence(layer, map), (text) => this.say(text));
    this.breaking = new Breaking({
      whole: () => this.whole(),
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
      ask: (digit) => this.sides[0].ask(digit),
      title: () => this.sides[0].title,
      changed: () => this.showCollection(),
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
    this.spoken = status("digits-spoken"); // for those who can't see the bars
    const labels = Array.from({ length: 10 }, (_, digit) => {
      const made = button(digit, () => this.keep(digit));
      made.setAttribute("aria-label", `Keep as ${digit}`);
      return made;
    });
    const tools = element("div", { className: "digits-tools" });
    tools.append(button("Undo", () => this.pad.undo()), button("Clear", () => this.pad.clear()));
    const keep = group("Keep it as", element("span", { textContent: "Keep it as" }), ...labels);
    keep.className = "digits-keep";
    const left = element("div", { className: "digits-left" }, this.pad.paper, tools, this.message);
    const below = element("div", { className: "digits-below" }, this.pad.help, keep);
    this.stages = STAGES.map(([key, words]) => {
      const [canvas, caption] = [element("canvas"), element("figcaption", { textContent: words })];
      return { key, canvas, caption, words, figure: element("figure", { hidden: true }, canvas, caption) };
    });
    this.unseen = element("p", { textContent: "Draw a digit." });
    const strip = element("div", { className: "digits-stages" }, ...this.stages.map(({ figure }) => figure));
    const sees = element("div", {}, this.unseen, strip);
    if (this.host.prepare) sees.append(this.ownPreparation());
    this.why = element("div", { className: "digits-why" });
    this.sections = {
      sees: section("What the network sees", true, sees),
      inside: section("Inside: how each layer responds (network 1)", false, this.inside.element),
      why: section("Why this answer? (network 1)", false, this.why),
      breaking: section("Break it", false, this.breaking.element),
      collection: section("Your own test set (network 1)", false, this.collection.element),
    };
    for (const part of Object.values(this.sections)) part.addEventListener("toggle", () => this.update());
    this.broken = status("digits-broken");
    const right = element("div", { className: "digits-right" }, ...this.sides.map((side) => side.element), this.broken);
    const top = element("div", { className: "digits-top" }, left, right, below);
    this.element = element("div", {}, top, ...Object.values(this.sections), this.spoken);
  }

  ownPreparation() {
    this.own = element("input", { type: "checkbox" });
    this.own.addEventListener("change", () => this.update());
    return element("label", { className: "digits-knob" }, this.own, " Use my own prepare_image");
  }

  async begin() {
    const [networks, familiar] = await Promise.all([this.host.networks(), this.host.familiar()]);
    this.familiarity = await Familiarity.read(familiar);
    this.sides[0].offer(networks, this.host.first);
    this.sides[1].offer(networks, this.host.second);
    window.addEventListener("focus", () => this.lookAgain());
    await Promise.all([...this.sides.map((side) => side.choose()), this.loadCollection()]);
    this.update();
  }

  // The learner is back from the terminal, where a network may have been saved.
  async lookAgain() {
    if (!this.element.isConnected) return; // a notebook has closed it
    try {
      const networks = await this.host.networks();
      const changed = this.sides.filter((side) => side.offer(networks));
      await Promise.all(changed.map((side) => side.choose()));
      if (this.sections.collection.open) await this.loadCollection(); // another tab may have kept some
      this.update();
    } catch (error) {
      this.message.textContent = error.message;
    }
  }

  // From the paper to everything that is shown.
  update() {
    const began = performance.now();
    this.version = (this.version ?? 0) + 1;
    this.doubt = "";
    const gray = this.pad.isEmpty ? null : toGrayscale(this.pad.pixels(this.redrawing()));
    if (gray) this.said = null;
    if (gray && this.own?.checked) this.preparing = this.prepareElsewhere(gray);
    else this.tell(gray && this.prepared(gray), gray ? "" : (this.said ?? "Draw a digit."));
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.afterPause(), PAUSE);
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
    const { across } = this.changes;
    this.digit = stages && (across ? shifted(stages.digit, across) : stages.digit);
    this.message.textContent = why;
    for (const side of this.sides) side.show(this.digit?.values);
    if (this.sections.sees.open) this.showStages(stages && { ...stages, digit: this.digit });
    if (this.sections.inside.open) this.showInside();
    this.showNow();
  }

  // The learner's own function prepares; while it does, newer drawings replace those that wait.
  async prepareElsewhere(gray) {
    this.waiting = gray;
    if (this.isPreparing) return this.preparing;
    this.isPreparing = true;
    while (this.waiting) {
      const asked = this.waiting;
      this.waiting = null;
      if (!this.digit) this.message.textContent = "Running your prepare_image…";
      try {
        this.tell({ digit: { height: 28, width: 28, values: Uint8Array.from(await this.host.prepare(asked.values)) } });
      } catch (error) {
        this.tell(null, error.message);
      }
    }
    this.isPreparing = false;
  }

  showStages(stages) {
    this.unseen.hidden = Boolean(stages);
    for (const { key, canvas, caption, words, figure } of this.stages) {
      const picture = stages?.[key];
      if (picture) digitCanvas(picture, canvas);
      figure.hidden = !picture;
      if (key === "digit") caption.textContent = stages?.fitted ? words : "what the network sees";
    }
  }

  showInside() {
    const [side] = this.sides;
    if (!side.network) this.inside.explain(side.problem || "Python runs this network, so its layers can't be shown here.");
    else {
      side.network.run(this.digit?.values ?? new Uint8Array(784));
      this.inside.show(side.network);
    }
  }

  // The answers, where the bars may be out of sight.
  showNow() {
    const [first, second] = this.sides.map(({ answer }) => answer.textContent);
    const now = first ? `Now: ${first}; network 2: ${second || "no answer"}` : "";
    for (const line of [this.inside.now, ...this.breaking.now]) line.textContent = now;
  }

  async afterPause() {
    const { version } = this;
    await this.preparing;
    await Promise.all(this.sides.map(({ asking }) => asking));
    if (version !== this.version) return;
    this.tellDoubt();
    this.speak();
    if (this.sections.why.open) await this.explain(() => version === this.version);
    if (this.sections.collection.open) await this.showCollection();
  }

  tellDoubt() {
    if (!this.digit) {
      if (!this.pad.isEmpty && !this.message.textContent) this.message.textContent = TOO_LITTLE;
      return;
    }
    this.doubt = this.familiarity.doubtAbout(this.digit.values);
    if (!this.doubt) return;
    this.message.textContent = this.doubt;
    for (const side of this.sides) side.tell(side.probabilities);
    this.showNow();
  }

  // In words, once the drawing rests.
  speak() {
    const answers = this.sides.map(({ label, answer }) => answer.textContent && `${label}: ${answer.textContent}`);
    this.say([...answers, this.message.textContent].filter(Boolean).join(". "));
  }

  say(text) {
    if (this.spoken.textContent !== text) this.spoken.textContent = text;
  }

  async explain(isCurrent) {
    const [{ network, probabilities, problem }] = this.sides;
    if (!network) {
      this.why.textContent = problem || "Python runs this network, so its answers can't be explained here.";
      return;
    }
    if (!this.digit || !probabilities) {
      this.why.textContent = "Draw a digit.";
      return;
    }
    const best = largest(probabilities);
    const kernel = linearWeights(network);
    const parts = [];
    if (kernel) {
      const weights = weightsOf(kernel, best);
      const share = weights.map((weight, i) => (weight * this.digit.values[i]) / 255);
      parts.push(
        figure(mapsCanvas(element("canvas"), weights, [28, 28, 1], 1), `weights: blue for ${best}, orange against it`),
        figure(mapsCanvas(element("canvas"), share, [28, 28, 1], 1), `what your ink adds to the score of ${best}`),
      );
    }
    const drops = await occlusion(network, this.digit.values, best, isCurrent);
    if (!drops || !isCurrent()) return;
    const words = `cover a blue part, and ${best} gets less likely; orange: more likely`;
    parts.push(figure(mapsCanvas(element("canvas"), drops, [7, 7, 1], 1), words));
    this.why.replaceChildren(...parts);
  }

  async loadCollection() {
    try {
      await this.collection.load();
    } catch (error) {
      this.message.textContent = error.message;
    }
  }

  async showCollection() {
    try {
      await this.collection.show();
    } catch (error) {
      this.message.textContent = error.message;
    }
  }

  // Undoes all changes; resolves to the probabilities of the first network as it is.
  async whole() {
    this.breaking.resetAll();
    await this.preparing;
    await this.sides[0].asking;
    return this.sides[0].probabilities;
  }

  // Why a change would change nothing; "" if it may.
  problemWith(name) {
    const [{ network, problem }] = this.sides;
    if (problem) return problem;
    if (this.own?.checked && name === "prepared") return "Turn off your own prepare_image first.";
    if (name === "pen" && !this.pad.strokes.length) return "This drawing has no strokes to thicken. Draw a new one.";
    if (["bits", "biases", "half"].includes(name) && !network) return "Python runs this network, so it can't be changed here.";
    const isFlat = name === "half" && !Object.keys(this.everySecond()).length;
    return isFlat ? "This network has no hidden layer to silence." : "";
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
    if (maps < 2) return {};
    return { [hidden.last]: new Set(Array.from({ length: Math.floor(maps / 2) }, (_, i) => 2 * i)) };
  }

  silence(layer, map) {
    const maps = new Set(this.silenced[layer] ?? []);
    if (!maps.delete(map)) maps.add(map);
    this.silenced = { ...this.silenced, [layer]: maps };
    this.rebuild();
  }

  // Another network has other maps.
  forgetSilenced() {
    this.silenced = {};
    this.breaking.reset("half");
  }

  rebuild() {
    const changed = BREAKS.filter(({ name, control }) => this.changes[name] !== control.whole).map(({ brief }) => brief);
    const silent = Object.values(this.silenced).reduce((sum, maps) => sum + maps.size, 0);
    if (silent && this.changes.half) changed.push(`${silent} ${silent > 1 ? "maps" : "map"} silenced`);
    const text = changed.length ? `Broken on purpose: ${changed.join(", ")}.` : "";
    if (this.broken.textContent !== text) this.broken.textContent = text;
    for (const side of this.sides) side.rebuild();
    this.update();
  }

  async keep(label) {
    if (this.pad.isEmpty) {
      this.message.textContent = "Draw a digit first. Then choose which digit it is.";
      return;
    }
    const gray = toGrayscale(this.pad.pixels());
    if (!prepare(gray)) {
      this.message.textContent = TOO_LITTLE;
      return;
    }
    try {
      await this.collection.keep(gray, label);
    } catch (error) {
      this.message.textContent = error.message;
      return;
    }
    const count = this.collection.kept.length;
    this.said = `Kept as ${label}. You now have ${count} ${count > 1 ? "drawings" : "drawing"}.`;
    this.pad.clear();
  }
}

// One network: a list to choose from, its answer and its bars.
class Side {
  constructor(page, label) {
    Object.assign(this, { page, label });
    this.problem = ""; // why there is no network
    this.select = element("select", { id: newId() });
    this.select.addEventListener("change", async () => {
      if (this.isFirst) page.forgetSilenced();
      await this.choose();
      page.update();
    });
    this.bars = new Bars();
    this.answer = element("p", { className: "digits-answer" });
    this.note = element("p", { className: "digits-note" });
    const name = element("label", { htmlFor: this.select.id, textContent: label });
    this.element = group(label, name, this.select, this.answer, this.bars.element, this.note);
    this.element.className = "digits-side";
  }

  get isFirst() {
    return this === this.page.sides[0];
  }

  // Lists networks; returns whether the chosen one is another one now.
  offer(networks, chosen = this.select.value) {
    const before = this.entry;
    if (JSON.stringify(networks) !== JSON.stringify(this.networks)) {
      const groups = Map.groupBy(networks, (network) => network.group);
      const lists = [...groups].map(([label, members]) => {
        const options = members.map(({ id, title }) => element("option", { value: id, textContent: title }));
        return element("optgroup", { label }, ...options);
      });
      this.select.replaceChildren(...lists);
      this.networks = networks;
    }
    this.select.value = networks.some(({ id }) => id === chosen) ? chosen : networks[0].id;
    return this.entry.id !== before?.id || this.entry.saved !== before?.saved;
  }

  get entry() {
    return this.networks?.find(({ id }) => id === this.select.value);
  }

  get title() {
    return this.entry.title;
  }

  async choose() {
    const { id } = this.entry;
    this.id = this.plain = this.network = null;
    this.problem = "Loading…";
    this.write(this.problem);
    this.tell(null);
    let [plain, note, problem] = [null, "", ""];
    try {
      const bytes = await this.page.host.open(id);
      plain = bytes && (await Network.read(bytes));
      note = plain ? plain.header.about.note : "This page can't run all of its layers, so Python computes each answer.";
    } catch (error) {
      problem = error.message;
    }
    if (id !== this.select.value) return; // another one was chosen meanwhile
    Object.assign(this, { id, plain, problem });
    this.write(problem || note, problem);
    this.rebuild();
  }

  write(note, isError = false) {
    this.note.textContent = note;
    this.note.classList.toggle("is-error", Boolean(isError));
  }

  // The network with everything that was broken on purpose.
  rebuild() {
    const { changes, silenced } = this.page;
    const isBroken = changes.bits < 32 || !changes.biases || Object.keys(silenced).length;
    const own = this.isFirst ? silenced : {};
    this.network = this.plain && isBroken ? this.plain.broken({ ...changes, silenced: own }) : this.plain;
  }

  show(pixels) {
    if (!pixels || this.problem) this.tell(null);
    else if (this.network) this.tell(this.network.probabilities(pixels));
    else this.asking = this.askElsewhere(pixels);
  }

  tell(probabilities) {
    const { doubt } = this.page;
    this.probabilities = probabilities;
    this.bars.show(probabilities, Boolean(doubt));
    this.answer.textContent = probabilities ? inWords(probabilities, doubt) : "";
  }

  async ask(pixels) {
    if (this.problem) throw new Error(this.problem);
    if (this.network) return this.network.probabilities(pixels);
    return this.page.host.predict(this.id, pixels);
  }

  // The server or the kernel computes it; while it does, newer digits replace those that wait.
  async askElsewhere(pixels) {
    this.waiting = pixels;
    if (this.isAsking) return this.asking;
    this.isAsking = true;
    try {
      while (this.waiting) {
        const asked = this.waiting;
        this.waiting = null;
        this.tell(await this.page.host.predict(this.id, asked));
        this.page.showNow();
      }
    } catch (error) {
      this.tell(null);
      this.write(error.message, true);
    } finally {
      this.isAsking = false;
    }
  }
}

function inWords(probabilities, doubt) {
  const best = largest(probabilities);
  if (doubt) return `Doubtful: ${best}`;
  return `${probabilities[best] < 0.5 ? "Guess: " : ""}${best} (${percent(probabilities[best])})`;
}

function figure(canvas, words) {
  return element("figure", {}, canvas, element("figcaption", { textContent: words }));
}

function section(title, open, content) {
  const summary = element("summary", {}, element("h2", { textContent: title }));
  return element("details", { className: "digits-section", open }, summary, content);
}

function group(name, ...children) {
  const made = element("div", {}, ...children);
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", name);
  return made;
}

// A line that is read aloud when it changes.
function status(className) {
  const made = element("p", { className });
  made.setAttribute("role", "status");
  return made;
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
