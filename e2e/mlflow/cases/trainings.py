"""Trainings as people write them: what autolog, loggers and callbacks of the frameworks leave in a run."""

import os
import pathlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import lightning
import mlflow
import numpy as np
import torch
import transformers
from answers import Answers
from lightning.pytorch.loggers import MLFlowLogger
from mlflow.entities import FileInfo
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

# What the machine measured of itself is another in every run: only that it was logged is compared.
MEASURED = ("runtime", "per_second")


@contextmanager
def _working_folder() -> Iterator[None]:
    """Scripts write where they are started; some log that folder as a param, so it is relative."""
    before = pathlib.Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def _files(c: Answers, run_id: str, folder: str | None = None) -> list[str]:
    listed: list[FileInfo] = c.client.list_artifacts(run_id, folder)
    return sorted(path for file in listed for path in (_files(c, run_id, file.path) if file.is_dir else [file.path]))


def _keep_run(c: Answers, run_id: str) -> None:
    """All that the run holds: its data, every curve, every file, and the models that it logged."""
    run = c.keep("get_run", lambda: c.client.get_run(run_id), _shown)
    for key in sorted(run.data.metrics):
        c.keep(f"history of {key}", lambda key=key: c.client.get_metric_history(run_id, key), _curve)
    c.keep("files", lambda: _files(c, run_id))
    outputs = run.outputs.model_outputs if run.outputs else []
    # A real server lists them in any order.
    models = sorted(
        ((c.client.get_logged_model(output.model_id), output.step) for output in outputs), key=lambda one: one[0].name
    )
    c.keep("models", lambda: [[step, *_shown_model(model)] for model, step in models])


def _shown(run: Any) -> Any:
    metrics = {key: None if key.endswith(MEASURED) else round(value, 5) for key, value in run.data.metrics.items()}
    tags = {key: value for key, value in run.data.tags.items() if key != "mlflow.log-model.history"}
    inputs = run.inputs.dataset_inputs if run.inputs else []
    names = [(one.dataset.name, one.dataset.source_type, [(tag.key, tag.value) for tag in one.tags]) for one in inputs]
    return {
        "status": run.info.status,
        "params": run.data.params,
        "metrics": metrics,
        "tags": tags,
        "datasets": names,
    }


def _curve(points: Any) -> Any:
    is_measured = points[0].key.endswith(MEASURED)
    shown = [[point.step, None if is_measured else round(point.value, 5)] for point in points]
    # What is logged twice is kept twice unless it was in the same millisecond, which is a matter of luck.
    return [point for at, point in enumerate(shown) if is_measured or at == 0 or point != shown[at - 1]]


def _shown_model(model: Any) -> Any:
    metrics = sorted((metric.key, metric.step, round(metric.value, 5)) for metric in model.metrics or [])
    return [model.name, str(model.status), model.model_type, model.params, sorted(model.tags), metrics]


def scikit_learn_autolog(c: Answers) -> None:
    mlflow.set_experiment("scikit-learn autolog")
    features, labels = load_iris(return_X_y=True)
    mlflow.sklearn.autolog(log_input_examples=False)
    try:
        with mlflow.start_run(run_name="scikit-learn") as run:
            model = LogisticRegression(max_iter=200).fit(features, labels)
    finally:
        mlflow.sklearn.autolog(disable=True)
    _keep_run(c, run.info.run_id)
    [output] = c.client.get_run(run.info.run_id).outputs.model_outputs
    loaded = mlflow.sklearn.load_model(f"models:/{output.model_id}")
    c.keep("the same model", lambda: np.array_equal(loaded.predict(features), model.predict(features)))


class _Net(lightning.LightningModule):
    """Learns whether numbers are positive, in a second."""

    def __init__(self) -> None:
        super().__init__()
        self.save_hyperparameters({"hidden": 4, "이름": "그물"})
        self.layers = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.layers(inputs)

    def training_step(self, batch: list[torch.Tensor], _: int) -> torch.Tensor:
        loss = torch.nn.functional.cross_entropy(self(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=True, on_epoch=True)
        return loss

    def validation_step(self, batch: list[torch.Tensor], _: int) -> None:
        self.log("val/acc", (self(batch[0]).argmax(1) == batch[1]).float().mean())

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.parameters(), lr=0.02)


def _batches() -> torch.utils.data.DataLoader:
    inputs = torch.randn(64, 2, generator=torch.Generator().manual_seed(1))
    return torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(inputs, (inputs.sum(1) > 0).long()), batch_size=16
    )


def _fit(**settings: Any) -> _Net:
    torch.manual_seed(1)
    net = _Net()
    trainer = lightning.Trainer(
        max_epochs=3, accelerator="cpu", enable_progress_bar=False, log_every_n_steps=1, **settings
    )
    trainer.fit(net, _batches(), _batches())
    return net


def lightning_autolog(c: Answers) -> None:
    mlflow.set_experiment("lightning autolog")
    mlflow.pytorch.autolog(log_every_n_step=1)
    try:
        with _working_folder(), mlflow.start_run(run_name="lightning") as run:
            net = _fit(logger=False)
    finally:
        mlflow.pytorch.autolog(disable=True)
    _keep_run(c, run.info.run_id)
    [output] = c.client.get_run(run.info.run_id).outputs.model_outputs
    inputs = torch.tensor([[1.0, 2.0], [-1.0, -2.0]])
    loaded = mlflow.pytorch.load_model(f"models:/{output.model_id}")
    c.keep("the same network", lambda: torch.equal(loaded(inputs), net(inputs)))


def lightning_logger(c: Answers) -> None:
    """Lightning's own logger, which knows nothing of autolog, and logs its checkpoints."""
    logger = MLFlowLogger("lightning logger", "r", c.server.url, tags={"a": "b"}, log_model="all")
    with _working_folder():
        _fit(logger=logger)
    _keep_run(c, logger.run_id or "")


def _sentences() -> list[dict[str, Any]]:
    return [{"input_ids": [n % 7, n % 5, n % 3], "labels": n % 2} for n in range(16)]


def _bert() -> transformers.BertForSequenceClassification:
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=8, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
    )
    return transformers.BertForSequenceClassification(config)


def transformers_trainer(c: Answers) -> None:
    """The Trainer logs to MLflow by itself; its params come in one batch and in the background."""
    mlflow.set_experiment("transformers trainer")
    with _working_folder(), mlflow.start_run(run_name="transformers") as run:
        settings = transformers.TrainingArguments(
            "out",
            num_train_epochs=2,
            per_device_train_batch_size=4,
            logging_steps=1,
            eval_strategy="epoch",
            save_strategy="no",
            report_to="mlflow",
            use_cpu=True,
            disable_tqdm=True,
        )
        trainer = transformers.Trainer(_bert(), settings, train_dataset=_sentences(), eval_dataset=_sentences())
        trainer.train()
        mlflow.flush_async_logging()
    _keep_run(c, run.info.run_id)


def transformers_model(c: Answers) -> None:
    """A model with its tokenizer comes back by its alias, as a pipeline and as a plain function."""
    mlflow.set_experiment("transformers model")
    words = {word: n for n, word in enumerate(("[UNK]", "[PAD]", "[CLS]", "[SEP]", "good", "bad", "좋다", "[MASK]"))}
    model = _bert().eval()
    with _working_folder():
        pathlib.Path("vocab.txt").write_text("\n".join(words), encoding="utf8")
        tokenizer = transformers.BertTokenizer("vocab.txt")
        with mlflow.start_run(run_name="r") as run:
            mlflow.transformers.log_model(
                {"model": model, "tokenizer": tokenizer},
                name="words",
                task="text-classification",
                registered_model_name="words",
                pip_requirements=["transformers", "torch"],
            )
    c.client.set_registered_model_alias("words", "champion", "1")
    _keep_run(c, run.info.run_id)
    pipeline = mlflow.transformers.load_model("models:/words@champion")
    c.keep("answers", lambda: [[one["label"], round(one["score"], 5)] for one in pipeline(["good", "좋다 bad"])])
    answers = mlflow.pyfunc.load_model("models:/words@champion").predict(["good"])
    c.keep("answers of pyfunc", answers["label"].tolist)


def pytorch_model(c: Answers) -> None:
    """Both ways in which MLflow writes a network, and its state alone."""
    mlflow.set_experiment("pytorch model")
    torch.manual_seed(1)
    network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2)).eval()
    inputs = torch.rand(5, 3)
    with mlflow.start_run(run_name="r") as run:
        for written, example in (("pickle", None), ("pt2", inputs.numpy())):
            mlflow.pytorch.log_model(
                network,
                name=written,
                registered_model_name="network",
                input_example=example,
                serialization_format=written,
                pip_requirements=["torch"],
            )
        mlflow.pytorch.log_state_dict(network.state_dict(), artifact_path="state")
    _keep_run(c, run.info.run_id)
    for version in ("1", "2"):
        c.client.set_registered_model_alias("network", "champion", version)
        loaded = mlflow.pytorch.load_model("models:/network@champion")
        c.keep("the same network", lambda loaded=loaded: torch.allclose(loaded(inputs), network(inputs)))
    state = mlflow.pytorch.load_state_dict(f"runs:/{run.info.run_id}/state")
    c.keep("the same state", lambda: sorted(state) == sorted(network.state_dict()))
