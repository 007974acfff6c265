// The chapter on attacks: PGD on an example, of any size. Returns what draws it again.
function inklingNudge({ network, painter, names, example }) {
  const trial = document.querySelector(".nudge");
  if (!trial) return () => {};
  const { channels, height, width } = painter, { percent } = InklingFollow;
  const part = (name) => trial.querySelector(`[data-part=${name}]`);
  const showBars = inklingBars(part("bars"), names), choices = [...trial.querySelectorAll("[data-example]")];
  let victim = 0, turn = 0;
  const attack = async () => {
    const mine = ++turn;
    const size = Number(part("epsilon").value), image = example(victim);
    part("size").textContent = size.toFixed(3);
    const before = network.classify(image);
    const answer = before.indexOf(Math.max(...before));
    const steps = 10;
    let other = image;
    for (let step = 0; size > 0 && step < steps; step++) {
      const slope = network.gradient(other, answer);
      other = other.map((x, i) => {
        const moved = x + 2.5 * size / steps * Math.sign(slope[i]);
        return Math.min(1, image[i] + size, Math.max(0, image[i] - size, moved));
      });
      // A newer drag makes this one stale.
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== turn) return;
    }
    const after = network.classify(other);
    const best = after.indexOf(Math.max(...after));
    const change = other.map((x, i) => x - image[i]);
    const mean = Float32Array.from({ length: height * width }, (_, i) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += change[c * height * width + i];
      return sum / channels;
    });
    painter.numbers(part("change"), mean, height, width, 1 / 8, "signed");
    painter.image(part("after"), other);
    showBars(after, best, best === answer ? "t-ink" : "t-wrong");
    part("before-answer").textContent = `Before the change: ${names[answer]}, ${percent(before[answer])}.`;
    part("after-answer").textContent = `${names[best]}, ${percent(after[best])}`;
    part("after-answer").className = best === answer ? "" : "t-wrong";
  };
  const choose = (index) => {
    victim = index;
    for (const button of choices) button.setAttribute("aria-pressed", String(Number(button.dataset.example) === index));
    attack();
  };
  for (const button of choices) button.addEventListener("click", () => choose(Number(button.dataset.example)));
  part("epsilon").addEventListener("input", attack);
  trial.hidden = choices.length === 0;
  if (choices.length) choose(Number(choices[0].dataset.example));
  return () => { if (!trial.hidden) attack(); };
}
