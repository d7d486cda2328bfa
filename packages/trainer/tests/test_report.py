"""The lines a recipe prints."""

import os
import subprocess
import sys

import pytest

from mallo_trainer.report import format_value, logfmt


def test_a_line_has_the_kind_first_and_then_its_fields() -> None:
    assert logfmt("epoch", {"epoch": 1, "val_accuracy": 0.5}) == "epoch epoch=1 val_accuracy=0.5"


@pytest.mark.parametrize("number", [0.1, 1e-300, 1 / 3, 2**53 + 1, -0.0, 1e22])
def test_numbers_read_back_as_the_very_same(number: float) -> None:
    assert type(number)(format_value(number)) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "none"),
        (True, "true"),
        ("last.pth", "last.pth"),
        ("hub:timm/resnet18.a1_in1k", "hub:timm/resnet18.a1_in1k"),
        ("two words", '"two words"'),
        ('a "quote"', '"a \\"quote\\""'),
        ("고양이", '"고양이"'),
        ("line\nbreak", '"line\\nbreak"'),
        ("", '""'),
    ],
)
def test_text_is_plain_or_a_json_string_on_one_line(value: str | bool | None, text: str) -> None:
    assert format_value(value) == text


def test_goes_on_when_nobody_listens_any_more() -> None:
    script = (
        "import sys\n"
        "from mallo_trainer.report import event\n"
        "sys.stdin.read()\n"  # until the reader of our output is gone
        "for step in range(3):\n"
        "    event('batch', step=step)\n"
        "print('still here', file=sys.stderr)\n"
    )
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    os.close(reading)
    _, errors = process.communicate("", timeout=60)
    assert "still here" in errors
    assert process.returncode == 0
