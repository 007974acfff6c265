// The course of a training in the page: its steps in portions that never hold the page up, and what is measured on the way.
class InklingCourse {
  // Images looked at between two measurements once the first steps are over, and the most measurements that are kept.
  static interval = 512;
  static longest = 400;
  // Of the training images so many are measured, always the same.
  static measured = 300;

  // `data` has the images, normalised, and their labels, for `train` and `validation`; `settings` are the reader's.
  constructor(data, settings) {
    Object.assign(this, { data, settings, points: [], best: null, highest: 0, isBroken: false, silent: 0, goal: 0 });
    this.learner = new InklingLearner({ ...settings, inputs: data.inputs, classes: data.classes });
    this.count = Math.min(settings.images, data.train.labels.length);
    this.every = Math.max(1, Math.round(InklingCourse.interval / Math.min(settings.batch, this.count)));
    this.order = [];
    this.dice = new InklingDice(settings.seed + 1);
  }

  get step() { return this.learner.steps; }

  // All the work, handed out in pieces of an image: measured, then one step after the other, and measured again every few
  // of them, at the goal, and where the first steps double. Ends when a loss is no number any more.
  *work() {
    yield* this.measure();
    while (!this.isBroken) {
      yield* this.oneStep();
      const isEarly = this.step < this.every && (this.step & this.step - 1) === 0;
      if (isEarly || this.step % this.every === 0 || this.step === this.goal) yield* this.measure();
    }
  }

  *oneStep() {
    const { batch, dropout, optimizer, rate } = this.settings, { images, labels } = this.data.train;
    if (!this.order.length) this.order = this.dice.permutation(this.count);
    const places = this.order.splice(0, batch);
    for (const place of places) {
      this.learner.accumulate(images[place], labels[place], 1 / places.length, dropout);
      yield;
    }
    this.learner.step(optimizer, rate);
    yield;
  }

  *measure() {
    const { learner, data } = this, isAwake = new Uint8Array(learner.hidden);
    const point = { step: this.step };
    for (const [name, part, count] of [
      ["train", data.train, Math.min(this.count, InklingCourse.measured)],
      ["validation", data.validation, data.validation.labels.length],
    ]) {
      let loss = 0, right = 0;
      for (let i = 0; i < count; i++) {
        const judged = InklingLearner.judge(learner.scores(part.images[i]), part.labels[i]);
        loss += judged.loss;
        right += judged.isRight ? 1 : 0;
        for (let u = 0; u < learner.hidden; u++) if (learner.sums[0][u] !== 0) isAwake[u] = 1;
        yield;
      }
      point[name] = loss / count;
      point[`${name}Right`] = right / count;
    }
    // Units that were zero for every image; sums that are no numbers are not silent.
    this.silent = isAwake.reduce((sum, x) => sum - x, learner.hidden);
    this.add(point);
    yield;
  }

  add(point) {
    this.isBroken = !Number.isFinite(point.train) || !Number.isFinite(point.validation);
    if (!this.isBroken) {
      if (!(this.best?.validation <= point.validation)) this.best = point;
      this.highest = Math.max(this.highest, point.train);
    }
    this.points.push(point);
    // Long courses are kept in coarser steps.
    if (this.points.length > InklingCourse.longest) {
      this.points = this.points.filter((_, i) => i % 2 === 0);
      this.every *= 2;
    }
  }
}
