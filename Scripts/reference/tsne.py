"""The divergence that scikit-learn's t-SNE reaches on hashed numbers, for Tests/AttributionTests/LearnedTests.swift.

    pip install scikit-learn
    python Scripts/reference/tsne.py

The same for every seed, for it starts from principal components; evaluated exactly, as Barnes and Hut's own figure is not.
"""
import numpy
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import TSNE
from sklearn.manifold._t_sne import _joint_probabilities

from uniform import uniform

COUNT, DIMENSIONS = 400, 20
points = uniform(COUNT * DIMENSIONS, 5).reshape(COUNT, DIMENSIONS)
distances = squareform(pdist(points, "sqeuclidean")).astype(numpy.float32)
p = squareform(_joint_probabilities(distances, 30, 0))


def divergence(plane):
    q = 1 / (1 + squareform(pdist(plane.astype(float), "sqeuclidean")))
    numpy.fill_diagonal(q, 0)
    q /= q.sum()
    seen = p > 1e-15
    return (p[seen] * numpy.log(p[seen] / q[seen])).sum()


print(float(divergence(TSNE(random_state=0).fit_transform(points))))
