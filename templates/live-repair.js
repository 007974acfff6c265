// A mistake to repair: a misread image is edited pixel by pixel while the network reads it. Returns what draws it again.
function inklingRepair({ network, painter, names }) {
  const figure = document.querySelector(".repair-figure"), facts = globalThis.inklingRepairs;
  if (!figure || !facts) return () => {};
  const { channels, height, width } = painter, plane = height * width, { percent } = InklingFollow;
  const part = (name) => figure.querySelector(`[data-part=${name}]`);
  const grid = part("grid"), cursor = part("cursor"), choice = part("choice"), tools = [...figure.querySelectorAll("[data-tool]")];
  let originals = [], image = 0, pixels = null, tool = "pen", steps = [], place = Math.floor(height / 2) * width + Math.floor(width / 2);
  let told = 0, waiting = false;

  // A pixel is changed if it differs by more than rounding in any channel.
  const changed = () => {
    let count = 0;
    for (let i = 0; i < plane; i++) {
      for (let c = 0; c < channels; c++) {
        if (Math.abs(pixels[c * plane + i] - originals[image][c * plane + i]) > 1 / 512) { count += 1; break; }
      }
    }
    return count;
  };

  const show = () => {
    const { label, predicted, smallest } = facts.images[image];
    const scores = network.run(pixels).at(-1), odds = InklingNetwork.probabilities(scores);
    const best = odds.indexOf(Math.max(...odds)), margin = scores[label] - scores[predicted], count = changed();
    painter.image(grid, pixels);
    const change = Float32Array.from({ length: plane }, (_, i) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += pixels[c * plane + i] - originals[image][c * plane + i];
      return sum / channels;
    });
    painter.numbers(part("change"), change, height, width, 1, "signed");
    const isRight = best === label;
    part("verdict").textContent = isRight
      ? `Repaired: it says ${names[best]}, ${percent(odds[best])} sure.`
      : `It says ${names[best]}, ${percent(odds[best])} sure. It is ${names[label]}.`;
    part("verdict").classList.toggle("t-wrong", !isRight);
    part("rival").textContent = names[predicted];
    part("truth").textContent = names[label];
    // Ten scores to either side.
    const reach = Math.max(-1, Math.min(1, margin / 10));
    part("bar").style.cssText = `left:${50 + 50 * Math.min(0, reach)}%;width:${50 * Math.abs(reach)}%`;
    part("bar").className = reach < 0 ? "t-wrong" : "t-ink";
    part("margin").textContent = `Margin of ${names[label]} over ${names[predicted]}: ${margin < 0 ? "−" : "+"}${Math.abs(margin).toFixed(2)}`;
    const found = smallest ? ` The smallest found by search: ${smallest}.` : "";
    part("count").textContent = `You changed ${count} pixel${count === 1 ? "" : "s"}.${isRight && count ? found : ""}`;
    part("undo").disabled = part("again").disabled = steps.length === 0;
    figure.dataset.changed = count;
    clearTimeout(told);
    told = setTimeout(() => {
      part("said").textContent = [part("verdict"), part("margin"), part("count")].map((x) => x.textContent).join(" ");
    }, 500);
  };
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; show(); });
  };

  const paint = (at) => {
    for (let c = 0; c < channels; c++) pixels[c * plane + at] = tool === "pen" ? 1 : 0;
  };
  const keep = () => steps.push(Float32Array.from(pixels));
  const load = (index) => {
    [image, steps, pixels] = [index, [], Float32Array.from(originals[index])];
    show();
  };
  const take = (name) => {
    tool = name;
    for (const button of tools) button.setAttribute("aria-pressed", String(button.dataset.tool === name));
  };

  // By hand: a stroke is one step.
  const placeAt = (event) => {
    const box = grid.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height].map(Math.floor);
    return x >= 0 && y >= 0 && x < width && y < height ? y * width + x : null;
  };
  let last = null;
  grid.addEventListener("pointerdown", (event) => {
    last = placeAt(event);
    if (last === null) return;
    grid.setPointerCapture(event.pointerId);
    grid.focus({ preventScroll: true });
    cursor.hidden = true;
    keep();
    paint(last);
    place = last;
    show();
    event.preventDefault();
  });
  grid.addEventListener("pointermove", (event) => {
    const at = last === null ? null : placeAt(event);
    if (at === null || at === last) return;
    // Fast hands leave out pixels between.
    const [x, y, u, v] = [last % width, Math.floor(last / width), at % width, Math.floor(at / width)];
    const far = Math.max(Math.abs(u - x), Math.abs(v - y));
    for (let i = 1; i <= far; i++) paint(Math.round(y + (v - y) * i / far) * width + Math.round(x + (u - x) * i / far));
    last = place = at;
    later();
  });
  for (const name of ["pointerup", "pointercancel"]) grid.addEventListener(name, () => { last = null; });

  // By keyboard.
  const showCursor = () => {
    const scale = grid.getBoundingClientRect().width / width;
    cursor.hidden = false;
    cursor.style.cssText = `left:${place % width * scale}px;top:${Math.floor(place / width) * scale}px;width:${scale}px;height:${scale}px`;
  };
  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (step) {
      const x = Math.min(width - 1, Math.max(0, place % width + step[0]));
      place = Math.min(height - 1, Math.max(0, Math.floor(place / width) + step[1])) * width + x;
    } else if (event.key === "Enter" || event.key === " ") {
      keep();
      paint(place);
      show();
    } else if (event.key === "p" || event.key === "e") take(event.key === "p" ? "pen" : "eraser");
    else return;
    showCursor();
    event.preventDefault();
  });
  grid.addEventListener("focus", () => { if (grid.matches(":focus-visible")) showCursor(); });
  grid.addEventListener("blur", () => { cursor.hidden = true; });

  for (const button of tools) button.addEventListener("click", () => take(button.dataset.tool));
  // A button that is disabled under the focus loses it.
  const leave = () => grid.focus({ preventScroll: true });
  part("undo").addEventListener("click", () => {
    if (!steps.length) return;
    if (steps.length === 1) leave();
    pixels = steps.pop();
    show();
  });
  part("again").addEventListener("click", () => { leave(); load(image); });
  choice.addEventListener("change", () => load(Number(choice.value)));
  facts.images.forEach(({ index, label, predicted }, i) => {
    choice.append(new Option(`#${index}: ${names[label]} read as ${names[predicted]}`, i));
  });

  // The images wait in a picture, each a row of its pixels.
  const sheet = new Image();
  sheet.onload = () => {
    const board = Object.assign(document.createElement("canvas"), { width: plane, height: facts.images.length });
    const pen = board.getContext("2d", { willReadFrequently: true });
    pen.drawImage(sheet, 0, 0);
    const { data } = pen.getImageData(0, 0, plane, facts.images.length);
    originals = facts.images.map((_, row) => Float32Array.from(
      { length: channels * plane }, (_, i) => data[4 * (row * plane + i % plane) + Math.floor(i / plane)] / 255));
    figure.hidden = false;
    for (const worked of document.querySelectorAll("#fig-repair-worked")) worked.classList.add("on-paper");
    load(0);
  };
  sheet.src = `data:image/png;base64,${facts.sheet}`;
  return () => { if (!figure.hidden) show(); };
}
