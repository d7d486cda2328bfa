"""What programs logged, asked for in the terminal."""

import json
import subprocess

import servers
from mlflow import MlflowClient


def query(mallo: servers.Server, *words: str, **env: str) -> subprocess.CompletedProcess:
    line = [servers.NODE, str(servers.CLI), "query", *words]
    return subprocess.run(line, env={**mallo.env, **env}, capture_output=True, text=True, check=False)


def test_a_query_is_answered_in_each_format(mallo: servers.Server, client: MlflowClient) -> None:
    run = client.create_run("0", run_name="고양이").info.run_id
    mine = f"WHERE run_id = '{run}'"
    table = query(mallo, f"SELECT name, kind FROM runs {mine}")
    assert table.returncode == 0, table.stderr
    assert table.stdout.splitlines() == ["name    kind", "고양이  logged"]
    found = query(mallo, f"SELECT name, 1.5::DOUBLE AS n FROM runs {mine}", "--format", "json")
    assert json.loads(found.stdout) == [{"name": "고양이", "n": 1.5}]
    every = query(mallo, "SELECT range AS n FROM range(2500)", "--format=csv")
    assert every.stdout.splitlines() == ["n", *map(str, range(2_500))]
    first = query(mallo, "SELECT range AS n FROM range(2500)")
    assert len(first.stdout.splitlines()) == 1_001
    assert "Only the first 1,000 rows are shown" in first.stderr


def test_what_is_no_query_is_refused_in_a_sentence(mallo: servers.Server) -> None:
    wrong = query(mallo, "SELECT nothing FROM runs")
    assert wrong.returncode == 1
    assert wrong.stdout == ""
    assert "nothing" in wrong.stderr
    assert "at Object" not in wrong.stderr
    assert query(mallo, "DROP TABLE runs").returncode == 1
    usage = query(mallo, MALLO_LOCALE="ko")
    assert usage.returncode == 2
    assert usage.stderr.startswith("사용법: npm run query")
    assert "There is no project “nowhere”" in query(mallo, "SELECT 1", "--project", "nowhere").stderr
