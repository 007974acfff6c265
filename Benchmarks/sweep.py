"""The same trials by Inkling's sweep and by Optuna with PyTorch, for as long each: sweep.py --data DIR --minutes 30

The trials are drawn at random from the course's grid and done in the same order by both: a process a processor, one
thread each. Optuna is asked for exactly these (enqueue_trial) and keeps its journal in a file, as its documentation
advises for several processes. Trials that diverge end at once and count, with both. Fair to the peer: images are in memory as normalised floats before the clock starts, the
fused optimizers are used, nothing is computed but the steps and one pass over the validation images an epoch; Inkling
besides evaluates training images after each epoch. Prints what was done and the ratio.
"""
import argparse
import gzip
import json
import math
import multiprocessing
import os
import pathlib
import signal
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True, help="the folder of MNIST's four files")
parser.add_argument("--program", default=str(pathlib.Path(__file__).parent / "../.build/release/inkling"))
parser.add_argument("--minutes", type=float, default=30)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--trials", type=int, default=1400, help="more than can be done in the time")
parser.add_argument("--processes", type=int, default=os.cpu_count())


def planned(options, folder):
    """The trials as Inkling plans them."""
    plan = subprocess.run(
        [options.program, "sweep", "plan", "--preset", "course", "--strategy", "random", "--trials",
         str(options.trials), "--epochs", str(options.epochs), "--dataset", "mnist", "--data", options.data,
         "--output", folder, "--json", "--quiet"], check=True, capture_output=True, text=True)
    return json.loads(plan.stdout)["trials"]


def inkling(options, folder):
    """Trials done, and the seconds they took."""
    start = time.time()
    run = subprocess.Popen(
        [options.program, "sweep", "run", folder, "--data", options.data, "--threads", str(options.processes),
         "--quiet", "--json"], stdout=subprocess.DEVNULL)
    try:
        run.wait(60 * options.minutes)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGINT)
        run.wait()
    seconds = min(time.time() - start, 60 * options.minutes)
    status = subprocess.run(
        [options.program, "sweep", "status", folder, "--json"], check=True, capture_output=True, text=True)
    counts = json.loads(status.stdout)
    return counts["done"] + counts["failed"], seconds


def images(folder, name):
    path = pathlib.Path(folder) / name
    data = path.read_bytes() if path.exists() else gzip.decompress((path.parent / f"{name}.gz").read_bytes())
    import numpy

    return numpy.frombuffer(data, numpy.uint8, offset=16 if "images" in name else 8).copy()


def work(options, journal, ready, start, deadline):
    """One process of Optuna's: trials until the time is over."""
    import optuna
    import torch
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    torch.set_num_threads(1)
    n = torch.nn
    pixels = torch.from_numpy(images(options.data, "train-images-idx3-ubyte")).view(60000, 784).float() / 255
    labels = torch.from_numpy(images(options.data, "train-labels-idx1-ubyte")).long()
    pixels = (pixels - pixels[:55000].mean()) / pixels[:55000].std()
    train, validation = (pixels[:55000], labels[:55000]), (pixels[55000:], labels[55000:])

    def objective(trial):
        layers = trial.suggest_categorical("layers", [1, 2, 3])
        width = trial.suggest_categorical("width", [64, 128, 256, 512])
        rate = trial.suggest_categorical("learning-rate", [0.1, 0.01, 0.001, 0.0001])
        batch = trial.suggest_categorical("batch-size", [32, 64, 128, 256])
        dropout = trial.suggest_categorical("dropout", [0.0, 0.2, 0.3, 0.5])
        optimizer = trial.suggest_categorical("optimizer", ["sgd", "adam"])
        torch.manual_seed(1)
        parts, inputs = [], 784
        for _ in range(layers):
            parts += [n.Linear(inputs, width), n.ReLU(inplace=True), n.Dropout(dropout)]
            inputs = width
        network = n.Sequential(*parts, n.Linear(inputs, 10))
        steps = (torch.optim.SGD(network.parameters(), lr=rate, momentum=0.9, fused=True) if optimizer == "sgd"
                 else torch.optim.Adam(network.parameters(), lr=rate, fused=True))
        count = math.ceil(55000 / batch) * options.epochs
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(steps, count)
        accuracy = 0.0
        for epoch in range(options.epochs):
            network.train()
            for own in torch.randperm(55000).split(batch):
                steps.zero_grad(set_to_none=True)
                loss = n.functional.cross_entropy(network(train[0][own]), train[1][own])
                if not math.isfinite(loss.item()):
                    raise ArithmeticError("diverged")
                loss.backward()
                steps.step()
                schedule.step()
                if time.time() > deadline.value > 0:
                    raise optuna.TrialPruned
            network.eval()
            with torch.inference_mode():
                accuracy = (network(validation[0]).argmax(1) == validation[1]).float().mean().item()
            trial.report(accuracy, epoch)
        return accuracy

    study = optuna.load_study(study_name="course", storage=JournalStorage(JournalFileBackend(journal)))
    ready.wait()
    start.wait()
    while time.time() < deadline.value:
        study.optimize(objective, n_trials=1, catch=ArithmeticError)


def peer(options, trials, folder):
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal = f"{folder}/journal"
    storage = JournalStorage(JournalFileBackend(journal))
    study = optuna.create_study(study_name="course", storage=storage, direction="maximize")
    for trial in trials:
        run = trial["configuration"]
        words = run["model"].split()
        hidden = [word for word in words if word.startswith("linear(")][:-1]
        dropouts = [word for word in words if word.startswith("dropout(")]
        study.enqueue_trial({
            "layers": len(hidden), "width": int(hidden[0][7:-1]), "learning-rate": run["learning_rate"],
            "batch-size": run["batch_size"], "optimizer": run["optimizer"],
            "dropout": float(dropouts[0][8:-1]) if dropouts else 0.0})
    context = multiprocessing.get_context("spawn")
    ready, start = context.Barrier(options.processes + 1), context.Event()
    deadline = context.Value("d", 0.0)
    workers = [context.Process(target=work, args=(options, journal, ready, start, deadline))
               for _ in range(options.processes)]
    for worker in workers:
        worker.start()
    ready.wait()
    begin = time.time()
    deadline.value = begin + 60 * options.minutes
    start.set()
    for worker in workers:
        worker.join()
    study = optuna.load_study(study_name="course", storage=storage)
    states = optuna.trial.TrialState
    done = [trial for trial in study.trials if trial.state in (states.COMPLETE, states.FAIL)]
    return len(done), min(time.time() - begin, 60 * options.minutes)


def expanded(model):
    """A specification without repetitions, as in 2*(linear(64) relu)."""
    while (at := model.find("*(")) >= 0:
        first = max(model.rfind(" ", 0, at), model.rfind("(", 0, at)) + 1
        depth, end = 1, at + 2
        while depth:
            depth += {"(": 1, ")": -1}.get(model[end], 0)
            end += 1
        body = model[at + 2:end - 1]
        model = model[:first] + " ".join([body] * int(model[first:at])) + model[end:]
    return model


def main():
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = planned(options, f"{folder}/sweep")
        for trial in trials:
            trial["configuration"]["model"] = expanded(trial["configuration"]["model"])
        rows = [("Inkling", *inkling(options, f"{folder}/sweep")), ("Optuna, PyTorch", *peer(options, trials, folder))]
    processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    print(f"{processor}, {options.processes} processes of one thread, {options.epochs} epochs a trial")
    rates = [3600 * done / seconds for _, done, seconds in rows]
    for (name, done, seconds), rate in zip(rows, rates):
        print(f"{name:16} {done:6} trials in {seconds / 60:5.1f} min: {rate:8.0f} an hour")
    print(f"ratio {rates[0] / rates[1]:.1f}" if rates[1] else "the peer finished no trial")


if __name__ == "__main__":
    main()
