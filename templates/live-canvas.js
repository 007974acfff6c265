// The canvases of the page: pictures in the colors of the figures, and the pad that is drawn on.

// A drawing made into what the network reads, MNIST's way: the ink's box scaled so that its longer side is 20 of
// 28 pixels, its centre of mass put into the middle.
function inklingCentred(ink, side, height, width) {
  const result = new Float32Array(height * width);
  let [top, bottom, left, right] = [side, -1, side, -1];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (ink[y * side + x] < 0.1) continue;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  if (bottom < 0) return result;
  const factor = Math.max(bottom - top + 1, right - left + 1) / (20 / 28 * Math.min(height, width));
  const high = Math.max(1, Math.round((bottom - top + 1) / factor));
  const wide = Math.max(1, Math.round((right - left + 1) / factor));
  const small = new Float32Array(high * wide);
  let mass = 0, middleY = 0, middleX = 0;
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      // The mean of the part of the drawing under this pixel.
      const from = [top + y * factor, left + x * factor].map(Math.floor);
      const to = [Math.min(side, Math.ceil(top + (y + 1) * factor)), Math.min(side, Math.ceil(left + (x + 1) * factor))];
      let sum = 0;
      for (let v = from[0]; v < to[0]; v++) for (let u = from[1]; u < to[1]; u++) sum += ink[v * side + u];
      const value = sum / ((to[0] - from[0]) * (to[1] - from[1]));
      small[y * wide + x] = value;
      mass += value;
      middleY += value * (y + 0.5);
      middleX += value * (x + 0.5);
    }
  }
  const shiftY = Math.round(height / 2 - middleY / mass), shiftX = Math.round(width / 2 - middleX / mass);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const [v, u] = [y + shiftY, x + shiftX];
      if (v >= 0 && v < height && u >= 0 && u < width) result[v * width + u] = Math.min(1, small[y * wide + x]);
    }
  }
  return result;
}

// Paints images, and numbers in the colors of the figures.
class InklingPainter {
  // Looks colors up anew each time, where `box` stands: the theme may have changed.
  constructor(box, [channels, height, width]) {
    Object.assign(this, { box, channels, height, width });
  }

  color(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    this.box.append(probe);
    const found = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    return found;
  }

  fill(canvas, high, wide, at) {
    canvas.width = wide;
    canvas.height = high;
    const image = new ImageData(wide, high);
    for (let i = 0; i < high * wide; i++) image.data.set(at(i), 4 * i);
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  // Numbers from zero, or with signs, as a map; `largest` is the end of the scale.
  numbers(canvas, values, high, wide, largest, name) {
    // The colors at even steps from the lowest number to the highest.
    const colors = getComputedStyle(document.documentElement).getPropertyValue(`--map-${name}`)
      .trim().split(" ").map((stop) => stop.split(",").map(Number));
    const last = colors.length - 1;
    this.fill(canvas, high, wide, (i) => {
      const share = values[i] / (largest || 1);
      const place = last * Math.min(1, Math.max(0, name === "signed" ? (share + 1) / 2 : share));
      const from = Math.min(last - 1, Math.floor(place));
      return [0, 1, 2].map((c) => colors[from][c] + (colors[from + 1][c] - colors[from][c]) * (place - from))
        .concat(255);
    });
  }

  image(canvas, pixels) {
    const size = this.height * this.width, ink = this.color("ink");
    this.fill(canvas, this.height, this.width, (i) => this.channels === 3
      ? [0, 1, 2].map((c) => Math.round(255 * pixels[c * size + i])).concat(255)
      : [...ink, Math.round(255 * Math.min(1, Math.max(0, pixels[i])))]);
  }
}

// The pad: what the hand draws on it, or an example that was loaded.
class InklingPad {
  // Calls `changed(isStill)` while the hand draws, and when it rests.
  constructor(canvas, painter, changed) {
    Object.assign(this, { canvas, painter, side: canvas.width, strokes: [], example: null });
    this.pen = canvas.getContext("2d", { willReadFrequently: true });
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width * this.side, (event.clientY - box.top) / box.height * this.side];
    };
    let drawing = false, waiting = false;
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      this.example = null;
      canvas.setPointerCapture(event.pointerId);
      this.strokes.push([place(event)]);
      changed(false);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      this.strokes.at(-1).push(place(event));
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; if (drawing) changed(false); });
    });
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, () => { if (drawing) { drawing = false; changed(true); } });
    }
  }

  // Shows the pixels of an example, or none, in place of what was drawn.
  show(example) {
    [this.strokes, this.example] = [[], example];
    this.redraw();
  }

  redraw() {
    const { pen, side } = this;
    pen.clearRect(0, 0, side, side);
    if (this.example) {
      // The example as it is, each pixel a square.
      const sheet = document.createElement("canvas");
      this.painter.image(sheet, this.example);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(sheet, 0, 0, side, side);
    }
    [pen.lineWidth, pen.lineCap, pen.lineJoin] = [side / 14, "round", "round"];
    pen.strokeStyle = `rgb(${this.painter.color("ink").join(",")})`;
    for (const stroke of this.strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], i) => { if (i) pen.lineTo(x, y); else pen.moveTo(x, y); });
      if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      pen.stroke();
    }
  }

  // What was drawn, as pixels for the network.
  read() {
    this.redraw();
    const { channels, height, width } = this.painter, { side } = this;
    const image = this.pen.getImageData(0, 0, side, side).data;
    const ink = new Float32Array(side * side);
    for (let i = 0; i < ink.length; i++) ink[i] = image[4 * i + 3] / 255;
    const plane = inklingCentred(ink, side, height, width);
    const pixels = new Float32Array(channels * height * width);
    for (let c = 0; c < channels; c++) pixels.set(plane, c * height * width);
    return pixels;
  }
}
