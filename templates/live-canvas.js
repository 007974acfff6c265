// The canvases of the page: pictures in the colors of the figures, and the pad that is drawn on.

// Paints images, and numbers in the colors of the figures.
class InklingPainter {
  // Colors are looked up where `box` stands, and kept until the theme changes.
  constructor(box, [channels, height, width]) {
    Object.assign(this, { box, channels, height, width });
    this.forget();
  }

  // The theme has changed.
  forget() { Object.assign(this, { colors: {}, palettes: {} }); }

  color(name) {
    if (!this.colors[name]) {
      const probe = document.createElement("span");
      probe.style.color = `var(--${name})`;
      this.box.append(probe);
      this.colors[name] = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
      probe.remove();
    }
    return this.colors[name];
  }

  // 256 colors from the lowest number to the highest, each as the four bytes of a pixel.
  palette(name) {
    if (!this.palettes[name]) {
      const stops = getComputedStyle(document.documentElement).getPropertyValue(`--map-${name}`)
        .trim().split(" ").map((stop) => stop.split(",").map(Number));
      const bytes = new Uint8ClampedArray(1024);
      for (let i = 0; i < 256; i++) {
        const place = i / 255 * (stops.length - 1), from = Math.min(stops.length - 2, Math.floor(place));
        for (let c = 0; c < 3; c++) bytes[4 * i + c] = stops[from][c] + (stops[from + 1][c] - stops[from][c]) * (place - from);
        bytes[4 * i + 3] = 255;
      }
      this.palettes[name] = new Uint32Array(bytes.buffer);
    }
    return this.palettes[name];
  }

  // What gives the place of a number in a palette; `largest` is the end of the scale.
  static shades(largest, isSigned) {
    const factor = (isSigned ? 127.5 : 255) / (largest || 1), start = isSigned ? 128 : 0.5;
    return (value) => {
      const place = value * factor + start;
      return place < 0 ? 0 : place > 255 ? 255 : place | 0;
    };
  }

  // An image of pixels that `write` fills in, given as whole numbers of four bytes.
  fill(canvas, high, wide, write) {
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const image = new ImageData(wide, high);
    write(new Uint32Array(image.data.buffer), image.data);
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  // Numbers from zero, or with signs, as a map; `largest` is the end of the scale.
  numbers(canvas, values, high, wide, largest, name) {
    const colors = this.palette(name), shade = InklingPainter.shades(largest, name === "signed");
    this.fill(canvas, high, wide, (cells) => {
      for (let i = 0; i < cells.length; i++) cells[i] = colors[shade(values[i])];
    });
  }

  // Many maps in one canvas, row by row with a hairline round each; see InklingStrip for the grid.
  strip(canvas, values, { count, high, wide, columns, scale, gap }, largest, name) {
    const colors = this.palette(name), shade = InklingPainter.shades(largest, name === "signed"), [r, g, b] = this.color("rule");
    const frame = new Uint32Array(new Uint8ClampedArray([r, g, b, 255]).buffer)[0];
    const [boxWide, boxHigh] = [wide * scale + 2, high * scale + 2];
    const [fullWide, fullHigh] = [
      columns * (boxWide + gap) - gap, Math.ceil(count / columns) * (boxHigh + gap) - gap,
    ];
    this.fill(canvas, fullHigh, fullWide, (cells) => {
      for (let c = 0; c < count; c++) {
        const start = Math.floor(c / columns) * (boxHigh + gap) * fullWide + c % columns * (boxWide + gap);
        for (let y = 0; y < boxHigh; y++) cells.fill(frame, start + y * fullWide, start + y * fullWide + boxWide);
        for (let y = 0; y < high; y++) {
          const row = start + (y * scale + 1) * fullWide + 1;
          for (let x = 0; x < wide; x++) {
            const color = colors[shade(values[(c * high + y) * wide + x])];
            for (let s = 0; s < scale; s++) cells[row + x * scale + s] = color;
          }
          for (let s = 1; s < scale; s++) cells.copyWithin(row + s * fullWide, row, row + wide * scale);
        }
      }
    });
  }

  image(canvas, pixels) {
    const size = this.height * this.width, ink = this.color("ink");
    this.fill(canvas, this.height, this.width, (_, bytes) => {
      for (let i = 0; i < size; i++) {
        for (let c = 0; c < 3; c++) bytes[4 * i + c] = this.channels === 3 ? 255 * pixels[c * size + i] : ink[c];
        bytes[4 * i + 3] = this.channels === 3 ? 255 : 255 * pixels[i];
      }
    });
  }
}

// The pad: what the hand draws on it, or on a picture that was loaded.
class InklingPad {
  // Calls `changed(isStill)` while the hand draws, and when it rests. `ground` is the color of an empty sheet, a number a
  // channel, of networks that read colors; ink is drawn on nothing.
  constructor(canvas, painter, preparation, ground, changed) {
    Object.assign(this, { canvas, painter, preparation, side: canvas.width, strokes: [], picture: null, color: "#ffffff" });
    this.pen = canvas.getContext("2d", { willReadFrequently: true });
    this.isColor = painter.channels === 3;
    this.sheet = Object.assign(document.createElement("canvas"), { width: painter.width, height: painter.height });
    const size = painter.height * painter.width;
    if (this.isColor) this.empty = Float32Array.from({ length: 3 * size }, (_, i) => ground[Math.floor(i / size)]);
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width * this.side, (event.clientY - box.top) / box.height * this.side];
    };
    let drawing = false, waiting = false;
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      this.strokes.push({ color: this.color, places: [place(event)] });
      changed(false);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      this.strokes.at(-1).places.push(place(event));
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; if (drawing) changed(false); });
    });
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, () => { if (drawing) { drawing = false; changed(true); } });
    }
  }

  get isEmpty() { return !this.picture && !this.strokes.length; }

  // What strokes go on top of; null for ink on nothing.
  get example() { return this.picture ?? this.empty ?? null; }

  // Shows the pixels of a picture, or none, in place of what was drawn; strokes then go on top.
  show(picture) {
    [this.strokes, this.picture] = [[], picture];
    this.redraw();
  }

  redraw() {
    const { pen, side } = this;
    pen.clearRect(0, 0, side, side);
    if (this.example) {
      // The picture as it is, each pixel a square.
      const sheet = document.createElement("canvas");
      this.painter.image(sheet, this.example);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(sheet, 0, 0, side, side);
    }
    this.stroke(pen);
  }

  stroke(pen) {
    [pen.lineWidth, pen.lineCap, pen.lineJoin] = [this.side / 14, "round", "round"];
    for (const { color, places } of this.strokes) {
      // On a picture of dark ink on light, which is drawn the other way round, ink is what is left blank.
      const isLeft = this.picture && !this.preparation.ink;
      pen.strokeStyle = this.isColor ? color : `rgb(${this.painter.color(isLeft ? "bg" : "ink").join(",")})`;
      pen.beginPath();
      places.forEach(([x, y], i) => { if (i) pen.lineTo(x, y); else pen.moveTo(x, y); });
      if (places.length === 1) pen.lineTo(places[0][0] + 0.1, places[0][1]);
      pen.stroke();
    }
  }

  // What was drawn, as pixels for the network: prepared as its images were, or where it stands on a picture.
  read() {
    this.redraw();
    const { example, preparation, side } = this;
    if (!example) {
      const image = this.pen.getImageData(0, 0, side, side).data;
      return preparation.drawing(Float32Array.from({ length: side * side }, (_, i) => image[4 * i + 3] / 255), side);
    }
    const paint = this.paint(), size = paint.length / 4;
    return example.map((value, i) => {
      const at = 4 * (i % size), full = this.isColor ? paint[at + Math.floor(i / size)] / 255 : preparation.ink;
      return value + paint[at + 3] / 255 * (full - value);
    });
  }

  // The strokes alone, in the pixels of the network's images.
  paint() {
    const { height, width } = this.painter, pen = this.sheet.getContext("2d", { willReadFrequently: true });
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.scale(width / this.side, height / this.side);
    this.stroke(pen);
    return pen.getImageData(0, 0, width, height).data;
  }
}
