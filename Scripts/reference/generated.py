"""Distances between sets of features, for Tests/EvaluationTests/GeneratedTests.swift.

    pip install numpy scipy scikit-learn
    python Scripts/reference/generated.py
"""
import numpy
from scipy.linalg import sqrtm
from sklearn.metrics import roc_auc_score

from uniform import uniform


def features(count, dimensions, stream, scale=1.0, shift=0.0):
    """Hashed numbers whose features hang together: each is mixed with the one before."""
    x = uniform(count * dimensions, stream).reshape(count, dimensions).astype(numpy.float64)
    x[:, 1:] = 0.5 * x[:, 1:] + 0.5 * x[:, :-1]
    return (scale * x + shift).astype(numpy.float32).astype(numpy.float64)


def frechet(a, b):
    means = a.mean(axis=0) - b.mean(axis=0)
    one, two = (numpy.cov(x, rowvar=False) for x in (a, b))
    return means @ means + numpy.trace(one + two - 2 * sqrtm(one @ two).real)


a, b = features(200, 12, 1), features(150, 12, 2, 1.2, 0.1)
print("frechet", frechet(a, b), frechet(a, features(150, 12, 3)))
# Fewer images than features: the covariances have no inverse.
print("frechet, singular", frechet(features(9, 12, 4), features(200, 12, 5)))
positives, negatives = numpy.round(uniform(40, 6) + 0.3, 1), numpy.round(uniform(60, 7), 1)
print("auroc", roc_auc_score([1] * 40 + [0] * 60, numpy.concatenate([positives, negatives])))
