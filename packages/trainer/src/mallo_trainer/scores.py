"""How good a classifier is, class by class."""

from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support


def classification_scores(truth: list[int], predicted: list[int], class_names: list[str]) -> dict[str, Any]:
    """Precision, recall and F1 of each class, their plain mean, and who is taken for whom.

    ``confusion_matrix[i][j]`` counts the images of class ``i`` that were called class
    ``j``. A class that was never predicted has precision 0, one without images recall 0.
    """
    labels = np.arange(len(class_names))
    # scikit-learn's types say text; its documentation says 0 is meant here.
    zero: Any = 0
    table: Any = precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=zero)
    precision, recall, f1, support = table
    per_class: list[dict[str, Any]] = [
        {
            "name": name,
            "precision": float(precision[i]),
            "recall": float(recall[i]),
            "f1": float(f1[i]),
            "support": int(support[i]),
        }
        for i, name in enumerate(class_names)
    ]
    # Classes without a validation image say nothing about the model; leave them out of the mean.
    seen = [row["f1"] for row in per_class if row["support"] > 0]
    return {
        "macro_f1": float(np.mean(seen)) if seen else 0.0,
        "per_class": per_class,
        "confusion_matrix": confusion_matrix(truth, predicted, labels=labels).tolist(),
    }
