"""The sample data sets."""

import subprocess
import sys
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from mallo_trainer.samples import digits, main, shapes, write_zip


def test_digits_are_1797_images_in_ten_folders_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write_zip(tmp_path / name, digits())
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        image = Image.open(BytesIO(archive.read(names[0])))
        assert (image.format, image.mode, image.size) == ("PNG", "L", (32, 32))
    assert len(names) == 1797
    assert sorted({name.split("/")[0] for name in names}) == list("0123456789")
    assert all(name.endswith(".png") for name in names)


def test_shapes_are_the_same_from_another_process_and_every_image_is_another(tmp_path: Path) -> None:
    out = tmp_path / "shapes.zip"
    subprocess.run([sys.executable, "-m", "mallo_trainer.samples", "shapes", str(out)], check=True)
    write_zip(tmp_path / "again.zip", shapes())
    assert out.read_bytes() == (tmp_path / "again.zip").read_bytes()
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        assert len({archive.read(name) for name in names}) == len(names) == 600
    counts = Counter(name.split("/")[0] for name in names)
    assert counts == dict.fromkeys(("circle", "cross", "square", "star", "triangle"), 120)


@pytest.mark.parametrize("arguments", [[], ["cats", "x.zip"]])
def test_says_what_it_can_make(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["samples", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "digits" in capsys.readouterr().err
