"""Each case of `cases` is a list of calls; Mallo answers every one of them as the real MLflow does."""

from typing import Any

import servers

import conftest

counted: dict[str, int] = {}


def test_same_answers(case: conftest.Case, request: Any, mallo: servers.Server, real: conftest.RealAnswers) -> None:
    name = request.node.callspec.id
    expected = real.of(name, case)
    given = conftest.run_case(mallo, case)
    counted[name] = len(given)
    for mine, theirs in zip(given, expected, strict=False):
        assert mine == theirs
    assert len(given) == len(expected)


def test_enough_calls() -> None:
    assert sum(counted.values()) >= 150
