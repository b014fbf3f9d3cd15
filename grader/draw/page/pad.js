// The paper: a canvas to draw on with mouse, pen, finger or keyboard.

export const SIDE = 224; // pixels of the picture, whatever its size on the screen
const PEN = 0.06; // width of the stroke, as a fraction of the side: right for digits of 0.2 to 0.9 of its height
const STEP = 1 / 28; // of the keyboard's pen

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// A notebook may hold the page more than once.
const newId = () => `digits-${Math.random().toString(36).slice(2)}`;

export { element, newId };

export class Pad {
  // changed() is called after each change, say(text) after what the keyboard has done.
  constructor(changed, say) {
    Object.assign(this, { changed, say });
    this.strokes = []; // lists of points [x, y] in 0..1
    this.background = null; // an image that was opened instead of drawn
    this.pen = { at: [0.5, 0.5], isDown: false }; // of the keyboard
    this.help = element("p", {
      className: "digits-help",
      textContent:
        "Keyboard: arrow keys move the pen. Space puts it down or lifts it. Backspace undoes a stroke. Delete clears the page.",
      id: newId(),
    });
    this.canvas = element("canvas", { width: SIDE, height: SIDE, tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "Paper: draw one digit here");
    this.canvas.setAttribute("aria-describedby", this.help.id);
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.cursor = element("div", { className: "digits-cursor", hidden: true });
    this.paper = element("div", { className: "digits-paper" }, this.canvas, this.cursor);
    this.listen();
    this.render(this.context);
  }

  listen() {
    const point = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || this.pointer !== undefined) return;
      this.pointer = event.pointerId; // of several fingers, the first draws
      this.canvas.setPointerCapture(event.pointerId);
      this.begin(point(event));
    });
    // Where there is one, an event for each movement as it comes: the other one waits for the next frame.
    const moved = "onpointerrawupdate" in this.canvas ? "pointerrawupdate" : "pointermove";
    this.canvas.addEventListener(moved, (event) => {
      if (event.pointerId !== this.pointer) return;
      const moves = event.getCoalescedEvents?.() ?? [];
      this.extend(...(moves.length ? moves : [event]).map(point));
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      this.canvas.addEventListener(name, (event) => {
        if (event.pointerId === this.pointer) this.pointer = undefined;
      });
    }
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.canvas.addEventListener("focus", () => this.canvas.matches(":focus-visible") && this.showCursor());
    this.canvas.addEventListener("blur", () => {
      this.pen.isDown = false;
      this.cursor.hidden = true;
    });
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const { pen } = this;
    if (event.key in moves) {
      pen.at = pen.at.map((place, axis) => Math.min(Math.max(place + STEP * moves[event.key][axis], 0), 1));
      if (pen.isDown) this.extend(pen.at);
    } else if (event.key === " ") {
      pen.isDown = !pen.isDown;
      if (pen.isDown) this.begin(pen.at);
    } else if (event.key === "Backspace") this.undo();
    else if (event.key === "Delete") this.clear();
    else return;
    event.preventDefault();
    this.showCursor();
    const [column, row] = pen.at.map((place) => Math.round(place / STEP));
    this.say(`Pen ${pen.isDown ? "down" : "up"}, row ${row}, column ${column} of 28`);
  }

  showCursor() {
    const { isDown, at: [x, y] } = this.pen;
    this.cursor.hidden = false;
    this.cursor.classList.toggle("is-down", isDown);
    this.cursor.style.left = `${100 * x}%`;
    this.cursor.style.top = `${100 * y}%`;
  }

  begin(point) {
    this.strokes.push([point]);
    this.extend(point);
  }

  extend(...points) {
    this.strokes.at(-1)?.push(...points); // it may have been cleared in the middle of a stroke
    this.show();
  }

  undo() {
    if (!this.strokes.pop()) this.background = null;
    this.pointer = undefined;
    this.pen.isDown = false;
    this.show();
  }

  clear() {
    this.strokes = [];
    this.background = null;
    this.pen.isDown = false;
    this.pointer = undefined;
    this.show();
  }

  // An image instead of a drawing: a canvas or a bitmap.
  open(picture) {
    this.strokes = [];
    this.background = picture;
    this.show();
    this.canvas.focus(); // which scrolls to it, too
  }

  get isEmpty() {
    return !this.strokes.length && !this.background;
  }

  show() {
    this.render(this.context);
    this.changed();
  }

  // change: { across, down: in pixels of 28; turn: in degrees; pen: times as wide; noise: levels }
  render(context, change = {}) {
    const { across = 0, down = 0, turn = 0, pen = 1 } = change;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SIDE, SIDE);
    context.translate(SIDE / 2 + (across * SIDE) / 28, SIDE / 2 + (down * SIDE) / 28);
    context.rotate((turn * Math.PI) / 180);
    context.translate(-SIDE / 2, -SIDE / 2);
    if (this.background) context.drawImage(this.background, 0, 0, SIDE, SIDE);
    context.lineWidth = PEN * SIDE * pen;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = "#111";
    context.fillStyle = context.strokeStyle;
    for (const stroke of this.strokes) {
      context.beginPath();
      if (isDot(stroke)) { // a canvas draws no line without a length
        context.arc(stroke[0][0] * SIDE, stroke[0][1] * SIDE, context.lineWidth / 2, 0, 2 * Math.PI);
        context.fill();
        continue;
      }
      stroke.forEach(([x, y], i) => {
        const [before, beforeY] = stroke[Math.max(i - 1, 0)]; // curves through the middles look drawn
        context.quadraticCurveTo(before * SIDE, beforeY * SIDE, ((before + x) / 2) * SIDE, ((beforeY + y) / 2) * SIDE);
        if (i === stroke.length - 1) context.lineTo(x * SIDE, y * SIDE);
      });
      context.stroke();
    }
  }

  // The picture as the canvas holds it: { height, width, data }, red, green, blue and opacity.
  pixels(change) {
    if (!change) return this.context.getImageData(0, 0, SIDE, SIDE);
    this.other ??= element("canvas", { width: SIDE, height: SIDE }).getContext("2d", { willReadFrequently: true });
    this.render(this.other, change);
    const picture = this.other.getImageData(0, 0, SIDE, SIDE);
    if (change.noise) addNoise(picture.data, change.noise);
    return picture;
  }
}

const isDot = (stroke) => stroke.every(([x, y]) => x === stroke[0][0] && y === stroke[0][1]);

// The same grain every time, so that nothing flickers.
function addNoise(data, levels) {
  let state = 1;
  for (let i = 0; i < data.length; i += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes, a linear congruential generator
    const level = data[i] + (state / 2 ** 31 - 1) * levels;
    data[i] = data[i + 1] = data[i + 2] = level;
  }
}
