"""The label issues that cleanlab finds in hashed probabilities, for Tests/EvaluationTests/LabelNoiseTests.swift.

    pip install cleanlab
    python Scripts/reference/label_noise.py
"""
import numpy
from cleanlab.filter import find_label_issues

from uniform import uniform

COUNT, CLASSES = 150, 4
labels = numpy.arange(COUNT) % CLASSES
logits = 6 * uniform(COUNT * CLASSES, 7).reshape(COUNT, CLASSES).astype(numpy.float64)
logits[numpy.arange(COUNT), labels] += 2
probabilities = numpy.exp(logits)
probabilities /= probabilities.sum(1, keepdims=True)
print(
    find_label_issues(
        labels,
        probabilities,
        filter_by="confident_learning",
        return_indices_ranked_by="normalized_margin",
    ).tolist()
)
