// What a course of training comes to, in words that are true of its numbers.
class InklingVerdict {
  // A loss to two digits. Below this it is told, and drawn, as less.
  static least = 0.001;
  static nats(x) {
    if (!Number.isFinite(x)) return "no number";
    if (x < InklingVerdict.least) return `<${InklingVerdict.least}`;
    if (x < 9.95) return x.toPrecision(2);
    if (x < 1e5) return Number(x.toPrecision(2)).toLocaleString("en-US");
    const [digits, power] = x.toExponential(1).split("e+");
    return `${digits} × ${InklingVerdict.power(power)}`;
  }

  // A power of ten.
  static power(exponent) { return `10${Array.from(String(exponent), (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`; }

  // Never all of them where it is only nearly all, nor none where it is a few.
  static share(x) {
    if (x > 0 && x < 0.001) return "<0.1%";
    return `${x < 1 ? Math.min(99.9, Number((100 * x).toFixed(x > 0.99 || x < 0.01 ? 1 : 0))) : 100}%`;
  }

  static steps(count) { return `${count.toLocaleString("en-US")} ${count === 1 ? "step" : "steps"}`; }

  // Above the start by more than the first steps of a fitting rate ever go.
  static isAbove(loss, start) { return loss > 1.25 * start + 0.2; }

  // The `kind` of a course and a sentence; `points` are its measurements, `best` the one with the lowest validation loss,
  // `highest` the highest training loss of all, `silent` how many hidden units were zero for every image.
  static of({ points, best, highest, silent, settings, count, classes }) {
    const { nats, share, isAbove } = InklingVerdict, start = points[0], now = points.at(-1);
    const { rate, optimizer, hidden, activation } = settings, usual = optimizer === "adam" ? 0.001 : 0.01;
    if (!now || now.step === 0) {
      return {
        kind: "start",
        words: `Nothing is learned yet. A guess among ${classes} equally frequent classes has a loss of ${nats(Math.log(classes))}.`,
      };
    }
    const steps = InklingVerdict.steps(now.step);
    const hasMoved = now.train < 0.9 * start.train;
    const leapt = `A rate of ${rate} is too high: each step leaps over the valley.`;
    if (!Number.isFinite(now.train) || !Number.isFinite(now.validation)) {
      return { kind: "high", words: `It blew up: after ${steps} the loss is no longer a number. ${leapt}` };
    }
    if (activation === "relu" && hidden > 0 && silent === hidden) {
      return {
        kind: "dead",
        words: `A dead network: all ${hidden} hidden units are silent for every image measured, and no gradient passes through a `
          + `silent unit.${isAbove(highest, start.train) ? ` It blew up before. ${leapt}` : ""}`,
      };
    }
    if (isAbove(now.train, start.train)) {
      return {
        kind: "high",
        words: `It blew up: the training loss was ${nats(start.train)} and is ${nats(now.train)} after ${steps}. ${leapt}`,
      };
    }
    const isOverfitting = now.validation > 1.15 * best.validation + 0.05 && now.train < best.train && now.train < now.validation;
    // A spike of the first steps is no blow-up where the training loss has fallen since.
    if (isAbove(highest, start.train) && (!hasMoved || !isOverfitting && isAbove(now.validation, start.validation))) {
      return {
        kind: "high",
        words: `It blew up: the training loss was ${nats(start.train)}, rose to ${nats(highest)} and is ${nats(now.train)} after `
          + `${steps}, the validation loss ${nats(now.validation)}. ${leapt}`,
      };
    }
    if (isOverfitting) {
      return {
        kind: "overfitting",
        words: `Overfitting: ${best.step ? `after ${InklingVerdict.steps(best.step)}` : "at the start"} the validation loss was `
          + `${nats(best.validation)}, and now it is ${nats(now.validation)}, while the training loss fell from ${nats(best.train)} to ${nats(now.train)}. It gets `
          + `better on its own ${count.toLocaleString("en-US")} images and worse on others.`,
      };
    }
    if (now.trainRight === 1 && now.validationRight < 0.9) {
      return {
        kind: "heart",
        words: `It knows its images by heart: all that are measured are right, and ${share(now.validationRight)} of the validation `
          + `images. The validation loss is ${nats(now.validation)}; the lowest was ${nats(best.validation)}.`,
      };
    }
    if (now.step >= 30 && now.train > 0.95 * start.train) {
      const ends = `${steps} took the training loss from ${nats(start.train)} to ${nats(now.train)}.`;
      return rate < usual
        ? { kind: "low", words: `Hardly moved: ${ends} A rate of ${rate} is too low.` }
        : { kind: "nothing", words: `Nothing gained: ${ends} ${rate > usual ? "Try a lower rate." : "Try another setting."}` };
    }
    return {
      kind: "learning",
      words: `${now.train < start.train ? "It learns" : "Under way"}: after ${steps} the training loss is ${nats(now.train)}; it `
        + `began at ${nats(start.train)}. The validation loss is ${nats(now.validation)}.`,
    };
  }
}
