"""Datasets and models that runs use and make."""

from answers import Answers
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelInput, LoggedModelOutput


def _dataset(name: str, digest: str, context: str | None = None) -> DatasetInput:
    tags = [InputTag("mlflow.data.context", context)] if context else []
    return DatasetInput(Dataset(name, digest, "local", '{"uri": "데이터"}', schema='{"a": 1}', profile="{}"), tags)


def datasets(c: Answers) -> None:
    e = c.create_experiment("inputs datasets")
    a = c.create_run(e, start_time=1, run_name="a").info.run_id
    b = c.create_run(e, start_time=2, run_name="b").info.run_id
    c.log_inputs(a, [_dataset("digits", "1a", "train"), _dataset("digits", "1a", "test")])
    c.log_inputs(a, [_dataset("digits", "1a", "eval")])
    c.log_inputs(b, [_dataset("digits", "1a", "test")])
    c.get_run(a)
    c.get_run(b)
    for text in (
        "dataset.name = 'digits'",
        "datasets.digest LIKE '1%' AND dataset.context = 'train'",
        "dataset.context IN ('test', 'eval')",
        "dataset.name != 'digits'",
        "dataset.nope = 'a'",
    ):
        c.keep(text, lambda text=text: c.client.search_runs([e], text), lambda page: [r.info.run_name for r in page])
    c.log_inputs(a, [_dataset("n" * 501, "1")])
    c.log_inputs("0" * 32, [_dataset("x", "1")])


def models(c: Answers) -> None:
    e = c.create_experiment("inputs models")
    run = c.create_run(e, start_time=1, run_name="a").info.run_id
    model = c.create_logged_model(e, name="net", source_run_id=run)
    c.log_inputs(run, models=[LoggedModelInput(model.model_id)])
    c.log_outputs(run, [LoggedModelOutput(model.model_id, 3)])
    c.get_run(run)
    c.search_runs([e])
