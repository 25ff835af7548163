#!/usr/bin/env python3
"""Mode D of scripts/bench-peers: TensorFlow Recommenders' sequential tutorial on a file of sequences.

  TF_USE_LEGACY_KERAS=1 python bench_sequences_tfrs.py --data FILE [--epochs 2]

As in the tutorial each interaction is an example with the items before it, padded, which a GRU takes
one after the other; the task is tfrs.tasks.Retrieval. FILE holds lines "user item", each user's in
the order of time; of users with three interactions or more the last two are held out. Sizes are
those of bench_sequences_torch.py: histories of up to 50 items, D 50, batches of 1,024, softmax over
the batch with sampling correction, Adam.

Prints one JSON line: seconds of each epoch, examples a second, the loss, seconds of the whole process
and the peak memory.
"""

import argparse
import json
import resource
import sys
import time

BEGAN = time.perf_counter()

import numpy as np
import tensorflow as tf
import tensorflow_recommenders as tfrs


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--length", type=int, default=50)
    parser.add_argument("--dim", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def read(path, length):
    """The history, [examples, length] from 1 with 0 as padding, and the item of each example."""
    pairs = np.loadtxt(path, dtype=np.int64)
    _, users = np.unique(pairs[:, 0], return_inverse=True)
    items, numbers = np.unique(pairs[:, 1], return_inverse=True)
    order = np.argsort(users, kind="stable")
    histories, targets = [], []
    for sequence in np.split(numbers[order] + 1, np.cumsum(np.bincount(users))[:-1]):
        train = sequence[:-2] if len(sequence) >= 3 else sequence
        for place in range(1, len(train)):
            known = train[max(0, place - length):place]
            histories.append(np.pad(known, (0, length - len(known))))
            targets.append(train[place])
    return np.array(histories, np.int32), np.array(targets, np.int32), len(items)


class Model(tfrs.Model):
    def __init__(self, items, share, options):
        super().__init__()
        embedding = lambda: tf.keras.layers.Embedding(items + 1, options.dim, mask_zero=True)
        self.queries = tf.keras.Sequential([embedding(), tf.keras.layers.GRU(options.dim)])
        self.candidates = tf.keras.layers.Embedding(items + 1, options.dim)
        self.share = tf.constant(share, tf.float32)
        self.task = tfrs.tasks.Retrieval()

    def compute_loss(self, features, training=False):
        history, item = features
        return self.task(
            self.queries(history), self.candidates(item),
            candidate_sampling_probability=tf.gather(self.share, item),
            compute_metrics=False)


def main():
    options = arguments()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    tf.keras.utils.set_random_seed(options.seed)
    histories, targets, items = read(options.data, options.length)
    share = np.bincount(targets, minlength=items + 1) / len(targets)
    model = Model(items, share, options)
    model.compile(optimizer=tf.keras.optimizers.Adam(1e-3, beta_2=0.98))
    data = (
        tf.data.Dataset.from_tensor_slices((histories, targets))
        .shuffle(len(targets), seed=options.seed)
        .batch(options.batch, drop_remainder=True)
        .prefetch(2)
    )
    epochs, loss = [], None
    for epoch in range(1, options.epochs + 1):
        began = time.perf_counter()
        history = model.fit(data, epochs=1, verbose=0)
        epochs.append(time.perf_counter() - began)
        loss = float(history.history["total_loss"][-1])
        print(f"epoch {epoch}: loss {loss:.1f}, {epochs[-1]:.2f} s", file=sys.stderr, flush=True)
    trained = len(targets) // options.batch * options.batch
    print(json.dumps(dict(
        framework="tfrs", mode="D", encoder="gru", epoch_s=epochs, examples=trained,
        examples_per_s=trained / min(epochs), loss=loss,
        process_s=time.perf_counter() - BEGAN,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )))


if __name__ == "__main__":
    main()
