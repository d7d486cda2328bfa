"""What MLflow takes under other names: a run's id as `run_uuid`, and aliases of any script."""

from answers import Answers


def run_uuid(c: Answers) -> None:
    experiment = c.create_experiment("by uuid")
    run = c.client.create_run(experiment, start_time=1, run_name="one").info.run_id
    for body in ({"run_uuid": run}, {"run_id": None, "run_uuid": run}, {"run_id": "", "run_uuid": run}):
        c.rest("POST", "/runs/log-metric", {**body, "key": "m", "value": 1.5, "timestamp": 1, "step": 2})
        c.rest("POST", "/runs/log-parameter", {**body, "key": "p", "value": "1"})
        c.rest("POST", "/runs/set-tag", {**body, "key": "t", "value": "v"})
        c.rest("POST", "/runs/update", {**body, "run_name": "two"})
    c.rest("GET", "/runs/get", params={"run_uuid": run})
    c.rest("GET", "/runs/get", params={"run_id": run, "run_uuid": "x"})
    c.rest("GET", "/runs/get", params={"run_uuid": "0" * 32})
    c.rest("GET", "/metrics/get-history", params={"run_uuid": run, "metric_key": "m"})
    c.rest("GET", "/artifacts/list", params={"run_uuid": run})
    c.rest("GET", "/runs/get", params={"run_uuid": ""})


# What means something else in Mallo, or looks like a number.
ODD = ("production", "Staging", "archived", "None", "best", "v2beta", "2024-q1", "3", "_x", "-")


def aliases(c: Answers) -> None:
    c.client.create_registered_model("aliases")
    c.client.create_model_version("aliases", "s3://bucket/model")
    # Here what was just registered is the @candidate.
    c.client.delete_registered_model_alias("aliases", "candidate")
    for alias in ("최고", "말로-2_가", "é", "日本", "a가", "😀", "가 나", "한" * 255, "한" * 256, "v2", "V10", *ODD):
        c.set_registered_model_alias("aliases", alias, "1")
        c.get_model_version_by_alias("aliases", alias)
    c.keep(
        "aliases",
        lambda: c.client.get_registered_model("aliases"),
        lambda model: sorted(model.aliases),
    )
    c.delete_registered_model_alias("aliases", "최고")
    c.get_model_version_by_alias("aliases", "최고")


def aliases_beside_stages(c: Answers) -> None:
    """An alias that is named like a stage is no stage, and no stage moves it."""
    c.client.create_registered_model("beside stages")
    for _ in range(2):
        c.client.create_model_version("beside stages", "s3://bucket/model")
    c.client.set_registered_model_alias("beside stages", "production", "1")
    c.client.transition_model_version_stage("beside stages", "2", "Production")
    c.keep("alias", lambda: c.client.get_model_version_by_alias("beside stages", "production").version)
    c.keep("stage", lambda: [one.version for one in c.client.get_latest_versions("beside stages", ["Production"])])
