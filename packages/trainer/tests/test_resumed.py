"""Long work that is ended, and goes on."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from mallo_trainer.resumed import resumed


def test_it_goes_on_behind_what_was_made(tmp_path: Path) -> None:
    unfinished = tmp_path / "list.part"
    begun: list[str] = []

    def lengths(words: list[str]) -> Iterator[int]:
        for word in words:
            begun.append(word)
            yield len(word)

    words = ["a", "bb", "ccc", "dddd"]
    assert list(islice(resumed(unfinished, words, lengths), 2)) == [1, 2]
    assert list(resumed(unfinished, words, lengths)) == [1, 2, 3, 4]
    assert begun == words


def test_what_was_cut_short_while_it_was_written_is_made_again(tmp_path: Path) -> None:
    unfinished = tmp_path / "list.part"
    unfinished.write_text('"A"\n"B', "utf-8")

    def capitals(words: list[str]) -> list[str]:
        return [word.upper() for word in words]

    assert list(resumed(unfinished, ["a", "b", "c"], capitals)) == ["A", "B", "C"]
    assert unfinished.read_text("utf-8") == '"A"\n"B"\n"C"\n'
