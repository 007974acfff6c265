// The panel that says where one number comes from: its window, the products, the bias, the sum, and what follows.
class InklingFollow {
  // Groups of products that are told one by one; the others are summed.
  static told = 5;
  // A window of up to so many columns is written in numbers, a larger one is a picture.
  static legible = 7;

  // `names` are those of the classes; `go(value, place)` follows another number; `shown(value)` tells which maps there are.
  constructor({ box, trace, painter, names, go, shown }) {
    Object.assign(this, { box, trace, painter, names, shown, group: 0 });
    this.part = (name) => box.querySelector(`[data-part=${name}]`);
    this.canvases = ["numbers", "weights", "products"].map((name) => this.part(name));
    this.font = `11px ${getComputedStyle(box).fontFamily}`;
    this.part("down").addEventListener("click", () => go(this.down.value, this.down.place));
    this.part("zoom").addEventListener("click", (event) => {
      const [, high, wide] = this.trace.shape(this.value), frame = this.part("zoom").getBoundingClientRect();
      const row = Math.min(high - 1, Math.floor((event.clientY - frame.top) / frame.height * high));
      const column = Math.min(wide - 1, Math.floor((event.clientX - frame.left) / frame.width * wide));
      const { channel } = this.trace.at(this.value, this.place);
      go(this.value, (channel * high + Math.max(0, row)) * wide + Math.max(0, column));
    });
  }

  static number(x, digits = 3) {
    const text = Math.abs(x) >= 1e6 ? x.toExponential(2) : x.toFixed(Math.abs(x) >= 1000 ? 1 : digits);
    return (Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−"));
  }

  static percent(p) {
    return p > 0.999 ? ">99.9%" : p < 0.001 ? "<0.1%" : `${p >= 0.99 ? (100 * p).toFixed(1) : (100 * p).toPrecision(2)}%`;
  }

  // A number's address in words.
  where(value, place) {
    const { channel, row, column } = this.trace.at(value, place);
    if (value === 0) return `pixel${this.painter.channels === 1 ? "" : ` channel ${channel},`} row ${row}, column ${column}`;
    const { name, shape } = this.trace.network.layers[value - 1];
    if (value === this.trace.network.layers.length) return `the score of ${this.names[channel]}`;
    if (shape.length === 2) return `${name}, place ${row}, feature ${channel}`;
    return shape.length === 3 ? `${name}, map ${channel}, row ${row}, column ${column}` : `${name}, unit ${channel}`;
  }

  // What is told of one step, as a sentence.
  sentence({ layer, rule, parts, bias, result, winner, set }) {
    const n = InklingFollow.number, value = layer.value;
    if (rule === "largest") {
      const others = parts.map((part, i) => i === winner ? "" : n(part.number, 2)).filter(Boolean);
      const listed = others.length > 8 ? `${others.length} others` : others.join(", ");
      return `${layer.name} keeps the largest of ${parts.length}: ${n(result)}${others.length ? `, not ${listed}` : ""}.`;
    }
    if (rule === "memory") {
      return layer.kind === "attention" ? `${layer.name} makes ${n(result)} of what all places say, by how much it looks at each.`
        : `${layer.name} makes ${n(result)} of this place and of what it remembers of those before.`;
    }
    if (parts.length === 0) return `${layer.name}: ${n(result)}, learned, the same for every image.`;
    if (rule === "same") return `${layer.name} hands ${n(result)} on as it is.`;
    if (rule === "mixture") {
      const shares = parts.map((part) => InklingFollow.percent(part.product)).join(", ");
      return `${layer.name} averages the members’ probabilities (${shares}), takes the logarithm and adds ${n(bias)}, `
        + `the same for every class: ${n(result)}.`;
    }
    if (rule === "function") {
      const [{ number }] = parts;
      if (layer.kind === "relu") {
        return number > 0 ? `ReLU keeps ${n(number)}, for it is above zero.` : `ReLU makes 0 of ${n(number)}.`;
      }
      return layer.kind === "multiply" ? `${layer.name}: ${n(number)} × ${n(value)} = ${n(result)}.`
        : `${layer.name}: ${layer.kind} of ${n(number)} is ${n(result)}.`;
    }
    if (parts.length === 1 && !layer.weights) {
      const among = set
        ? ` The ${set.count} numbers that it is normalized among have mean ${n(set.mean)} and deviation ${n(set.deviation)}.` : "";
      return `${layer.name}: ${n(parts[0].number)} × ${n(parts[0].factor)} ${InklingFollow.plus(bias)} = ${n(result)}.${among}`;
    }
    return "";
  }

  static plus(x) { return `${x < 0 ? "−" : "+"} ${InklingFollow.number(Math.abs(x))}`; }

  // The sum of many: its largest groups, the rest, the bias.
  sum(step, groups) {
    const n = InklingFollow.number, { layer, parts, bias, result } = step;
    if (["avgpool", "globalavg", "mean"].includes(layer.kind)) {
      const numbers = parts.map(({ number }, i) => i ? InklingFollow.plus(number) : n(number)).join(" ");
      const listed = parts.length > 9 ? `its ${parts.length} numbers` : `(${numbers}) / ${Math.round(1 / parts[0].factor)}`;
      return { told: groups, rest: 0, words: `${layer.name}, the mean: ${listed} = ${n(result)}.` };
    }
    const told = groups.slice(0, groups.length > InklingFollow.told + 1 ? InklingFollow.told : groups.length);
    const rest = groups.slice(told.length).reduce((sum, group) => sum + group.sum, 0);
    const words = told.map((group, i) => i ? InklingFollow.plus(group.sum) : n(group.sum));
    if (told.length < groups.length) words.push(`${InklingFollow.plus(rest)} (the other ${groups.length - told.length})`);
    if (layer.weights) words.push(`${InklingFollow.plus(bias)} (bias)`);
    const counted = `${parts.length} ${layer.weights ? "products" : "numbers"}`;
    return { told, rest, words: `${layer.name}, ${counted}: ${words.join(" ")} = ${n(result)}.` };
  }

  // The scores through softmax, for one of them.
  softmax(logits, place) {
    const largest = Math.max(...logits), n = (x) => InklingFollow.number(x, 2);
    const odds = InklingNetwork.probabilities(logits), powers = Array.from(logits, (z) => Math.exp(z - largest));
    const listed = logits.length > 12 ? `the sum over all ${logits.length}`
      : `(${Array.from(logits, (z) => `e^${n(z - largest)}`).join(" + ")})`;
    return `Softmax, of each score less the largest, ${n(largest)}: e^${n(logits[place] - largest)} / ${listed} = `
      + `${powers[place].toPrecision(3)} / ${powers.reduce((a, b) => a + b, 0).toPrecision(4)}: ${InklingFollow.percent(odds[place])}.`;
  }

  // Shows where a number comes from; returns the sum in words and what is marked in the pictures.
  show(all, value, place) {
    if (this.value !== value || this.place !== place) this.group = 0;
    Object.assign(this, { all, value, place });
    const chain = this.trace.chain(all, value, place), step = chain.at(-1);
    const isMany = step.rule === "sum" && (step.layer.weights || step.parts.length > 1);
    const groups = isMany ? this.trace.groups(step) : [];
    const lines = chain.map((one) => this.sentence(one)).filter(Boolean);
    const sum = isMany ? this.sum(step, groups) : null;
    this.part("heading").textContent = `${this.where(value, place)}: ${InklingFollow.number(all[value][place])}`;
    // From the sum upwards, as the network reckons.
    const told = [...(sum ? [sum.words] : []), ...lines.reverse()];
    if (value === all.length - 1) told.push(this.softmax(all[value], place));
    const list = this.part("steps");
    while (list.children.length > told.length) list.lastChild.remove();
    told.forEach((words, i) => { (list.children[i] ?? list.appendChild(document.createElement("li"))).textContent = words; });
    this.showGroups(step, sum, groups);
    const group = groups[Math.min(this.group, groups.length - 1)];
    this.showProducts(step, group);
    this.showZoom();
    const parts = group?.parts ?? step.parts;
    const down = parts.length ? parts.reduce((a, b) => Math.abs(b.product) > Math.abs(a.product) ? b : a) : null;
    this.down = down && { value: this.trace.plain(down.value), place: down.place };
    const button = this.part("down"), isEnd = !down || this.down.value === 0;
    // Who stands on it when it goes stands on its neighbor.
    if (isEnd && document.activeElement === button) this.part("hold").focus();
    button.hidden = isEnd;
    globalThis.inklingRove?.(button.parentElement, "button");
    return {
      words: `${this.part("heading").textContent}. ${told.join(" ")}`, marks: this.marks(chain, sum?.told ?? []),
      field: this.trace.fields(value, place)[0],
    };
  }

  // What is framed in the maps: the numbers on the way down, the windows of poolings, and what the sum reads.
  marks(chain, told) {
    const spot = (value, place, style) => {
      const { channel, row, column } = this.trace.at(value, place);
      return { value, channel, top: row, left: column, bottom: row, right: column, style };
    };
    const found = chain.map(({ value, place }, i) => spot(value, place, i ? "spot" : "cursor"));
    for (const { layer, value, place, parts, rule } of chain) {
      if (rule !== "largest" || !layer.kernel) continue;
      const from = this.trace.plain(parts[0].value);
      found.push({ value: from, channel: this.trace.at(value, place).channel, ...this.trace.window(value, place), style: "window" });
    }
    const { layer, value, place } = chain.at(-1);
    for (const group of told) {
      const shape = this.trace.shape(group.value);
      if (shape.length === 3 && layer.stride) {
        const window = { channel: group.channel, ...this.trace.window(value, place), style: "window" };
        found.push(this.shownBelow(group.value, window));
      } else if (group.parts.length > 1) {
        const whole = { top: 0, left: 0, bottom: shape[1] - 1, right: shape[2] - 1 };
        found.push({ value: group.value, channel: group.channel, ...whole, style: "window" });
      } else found.push(spot(group.value, group.parts[0].place, "spot"));
    }
    return found;
  }

  // A window in maps that the page does not show, in those that it shows below poolings and functions of each number.
  shownBelow(value, window) {
    while (value > 0 && !this.shown(value)) {
      const layer = this.trace.network.layers[value - 1], { stride, margin, kernel } = layer;
      if (!["maxpool", "avgpool", "scale"].includes(layer.kind) && !(layer.kind in InklingNetwork.activations)) break;
      if (kernel) {
        window = {
          ...window, top: window.top * stride - margin, left: window.left * stride - margin,
          bottom: window.bottom * stride - margin + kernel - 1, right: window.right * stride - margin + kernel - 1,
        };
      }
      [value] = layer.inputs;
    }
    return { value, ...window };
  }

  // The map of the number, large enough for a finger.
  showZoom() {
    const [, high, wide] = this.trace.shape(this.value), canvas = this.part("zoom");
    canvas.parentElement.hidden = high === undefined;
    if (high === undefined) return;
    const { channel, row, column } = this.trace.at(this.value, this.place), size = high * wide;
    const scale = Math.max(1, Math.floor(140 / Math.max(high, wide))), { largest, name } = this.scaleOf(this.value);
    this.painter.numbers(canvas, this.all[this.value].subarray(channel * size, (channel + 1) * size), high, wide, largest, name);
    canvas.style.cssText = `width:${wide * scale}px;height:${high * scale}px`;
    this.part("spot").style.cssText = `left:${column * scale}px;top:${row * scale}px;width:${scale}px;height:${scale}px`;
  }

  // Where the colors of a layer's maps end.
  scaleOf(value) {
    const layer = this.trace.network.layers[value - 1], name = InklingStrip.colors(layer);
    return { name, largest: layer.scale ?? this.all[value].reduce((a, b) => Math.max(a, Math.abs(b)), 0) };
  }

  // One button a group, with a bar for what it adds.
  showGroups(step, sum, groups) {
    const box = this.part("groups");
    box.hidden = groups.length < 2;
    if (box.hidden) return;
    const largest = Math.max(...sum.told.map((group) => Math.abs(group.sum)), Math.abs(sum.rest), 1e-9);
    const rows = sum.told.map((group) => ({ words: this.groupWords(step, group), sum: group.sum }));
    if (sum.told.length < groups.length) rows.push({ words: `the other ${groups.length - sum.told.length}`, sum: sum.rest });
    while (box.children.length > rows.length) box.lastChild.remove();
    rows.forEach(({ words, sum: amount }, i) => {
      let row = box.children[i];
      if (!row) {
        row = document.createElement("button");
        row.type = "button";
        row.append(...["span", "s", "em"].map((tag) => document.createElement(tag)));
        row.addEventListener("click", () => { this.group = i; this.chosen?.(); });
        box.append(row);
      }
      row.disabled = i >= sum.told.length;
      row.setAttribute("aria-pressed", String(i === Math.min(this.group, sum.told.length - 1)));
      row.children[0].textContent = words;
      row.children[1].className = amount < 0 ? "minus" : "plus";
      row.children[1].style.setProperty("--v", Math.abs(amount) / largest);
      row.children[2].textContent = InklingFollow.number(amount);
    });
    globalThis.inklingRove?.(box, "button");
  }

  groupWords(step, { value, channel, parts }) {
    const n = (x) => InklingFollow.number(x, 2);
    if (parts.length > 1) {
      return value === 0 ? `channel ${channel}` : `map ${channel}`;
    }
    const [part] = parts, source = this.trace.plain(part.value);
    if (!step.layer.weights) return this.where(source, part.place);
    const kind = source === 0 ? "pixel" : this.trace.shape(source).length === 3 ? "map" : "unit";
    return `${kind} ${channel}: ${n(part.number)} × ${InklingFollow.number(part.factor)}`;
  }

  // The window's numbers, the weights and their products as three tables, of one group.
  showProducts(step, group) {
    const { layer, value, place } = step, source = group?.value ?? this.trace.plain(step.parts[0]?.value ?? 0);
    const shape = this.trace.shape(source), isTable = shape.length === 3 && group?.parts.length > 1 && layer.weights;
    this.part("tables").hidden = !isTable;
    if (!isTable) return;
    const window = layer.kernel ? this.trace.window(value, place)
      : { top: 0, left: 0, bottom: shape[1] - 1, right: shape[2] - 1 };
    const [high, wide] = [window.bottom - window.top + 1, window.right - window.left + 1];
    const tables = this.canvases.map(() => new Float32Array(high * wide));
    for (const part of group.parts) {
      const { row, column } = this.trace.at(source, part.place), at = (row - window.top) * wide + column - window.left;
      [tables[0][at], tables[1][at], tables[2][at]] = [part.number, part.factor, part.product];
    }
    tables.forEach((numbers, i) => this.table(this.canvases[i], numbers, high, wide));
    this.part("numbers-title").textContent = source === 0 ? "What it reads" : `Map ${group.channel} below`;
  }

  // Numbers as cells, written out where they are few.
  table(canvas, numbers, high, wide) {
    const largest = numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 0), isWritten = wide <= InklingFollow.legible;
    // Three stand side by side.
    this.room ||= this.box.clientWidth;
    const side = ((this.room || 340) - 20) / 3;
    if (!isWritten) {
      const scale = Math.max(1, Math.floor(Math.min(112, side) / Math.max(high, wide)));
      this.painter.numbers(canvas, numbers, high, wide, largest, "signed");
      canvas.style.cssText = `width:${wide * scale}px;height:${high * scale}px;image-rendering:pixelated`;
      return;
    }
    const cell = Math.min(28, Math.max(24, Math.floor(side / wide))), sharp = Math.max(1, Math.ceil(devicePixelRatio)), pen = canvas.getContext("2d");
    [canvas.width, canvas.height] = [wide * cell * sharp, high * cell * sharp];
    canvas.style.cssText = `width:${wide * cell}px;height:${high * cell}px`;
    pen.scale(sharp, sharp);
    [pen.font, pen.textAlign, pen.textBaseline] = [this.font, "center", "middle"];
    const colors = new Uint8Array(this.painter.palette("signed").buffer);
    const [ink, paper] = [this.painter.color("ink"), this.painter.color("bg")];
    const light = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, share, c) => sum + share * (rgb[c] / 255) ** 2.2, 0.05);
    const shade = InklingPainter.shades(largest, true);
    numbers.forEach((x, i) => {
      const at = 4 * shade(x), color = [...colors.subarray(at, at + 3)];
      pen.fillStyle = `rgb(${color})`;
      const [left, top] = [i % wide * cell, Math.floor(i / wide) * cell];
      pen.fillRect(left, top, cell - 1, cell - 1);
      const [a, b, c] = [color, ink, paper].map(light), ratio = (x, y) => Math.max(x, y) / Math.min(x, y);
      pen.fillStyle = `rgb(${ratio(a, b) >= ratio(a, c) ? ink : paper})`;
      // Four letters fit.
      const digits = x > -0.995 && x < 9.95 ? 2 : Math.abs(x) < 99.5 ? 1 : 0;
      pen.fillText(InklingFollow.number(x, digits).replace(/^(−?)0\./, "$1."), left + cell / 2, top + cell / 2);
    });
  }
}
