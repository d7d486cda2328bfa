"""Reading folders of images, as people have them."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mallo_trainer.image_folder import ImageDataset, decode_image, scan_image_folder, stratified_split
from mallo_trainer.problem import Problem

Make = Callable[[str], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The data folder, still empty."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def make(root: Path) -> Make:
    """Write an image of 12 x 7 pixels at a path such as ``cat/1.png``."""

    def image(name: str) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (12, 7), (10, 20, 30)).save(root / name)

    return image


def code_of(root: Path, class_names: list[str] | None = None) -> tuple[str, str]:
    """The code and sentence with which scanning fails."""
    with pytest.raises(Problem) as raised:
        scan_image_folder(root, class_names)
    return raised.value.code, raised.value.message


def test_classes_are_the_folders_in_order_with_images_at_any_depth(root: Path, make: Make) -> None:
    for name in ("b/1.png", "a/deep/er/1.png", "a/2.jpg"):
        make(name)
    images = scan_image_folder(root)
    assert images.class_names == ["a", "b"]
    assert images.files == ["a/2.jpg", "a/deep/er/1.png", "b/1.png"]
    assert images.labels == [0, 0, 1]
    assert images.decoded_bytes == 3 * 3 * 12 * 7


def test_leaves_out_what_file_managers_leave_behind(root: Path, make: Make) -> None:
    for name in ("a/1.png", "b/1.png", "__MACOSX/a/1.png", ".hidden/1.png"):
        make(name)
    for name in ("a/Thumbs.db", "b/.DS_Store", "b/desktop.ini"):
        (root / name).write_bytes(b"?")
    assert scan_image_folder(root).files == ["a/1.png", "b/1.png"]


def test_korean_names_written_by_a_mac_are_the_same_classes(root: Path, make: Make) -> None:
    for name in ("페르시안", "샴"):
        make(f"{unicodedata.normalize('NFD', name)}/1.png")
    assert scan_image_folder(root, ["페르시안", "샴"]).class_names == ["페르시안", "샴"]


def test_one_class_is_not_enough(root: Path, make: Make) -> None:
    make("only/1.png")
    assert code_of(root)[0] == "too_few_classes"


def test_a_missing_folder_is_named(root: Path) -> None:
    code, message = code_of(root / "nowhere")
    assert code == "data_missing"
    assert "nowhere" in message


def test_an_empty_class_is_named(root: Path, make: Make) -> None:
    make("a/1.png")
    (root / "고양이").mkdir()
    code, message = code_of(root)
    assert code == "empty_class"
    assert "고양이" in message


def test_a_text_called_png_is_named(root: Path, make: Make) -> None:
    make("a/1.png")
    make("b/1.png")
    (root / "b" / "노트 1.png").write_text("not an image")
    code, message = code_of(root)
    assert code == "not_an_image"
    assert "b/노트 1.png" in message


def test_an_image_cut_in_half_is_named_when_it_is_decoded(root: Path, make: Make) -> None:
    for name in ("a/1.png", "b/1.png"):
        make(name)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(root / "b" / "cut.jpg")
    whole = (root / "b" / "cut.jpg").read_bytes()
    (root / "b" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Problem, match=r"b/cut\.jpg"):
        ImageDataset(scan_image_folder(root), keep_decoded=True)


def test_other_class_names_than_folders_are_named(root: Path, make: Make) -> None:
    for name in ("a/1.png", "b/1.png"):
        make(name)
    assert code_of(root, ["a", "c"]) == ("class_names_differ", "class_names and the class folders differ in: b, c.")
    assert code_of(root, ["a", "b", "b"])[0] == "class_names_differ"


@pytest.mark.parametrize(
    ("mode", "ending", "colour", "expected"),
    [
        ("L", "png", 100, (100, 100, 100)),
        ("1", "png", 1, (255, 255, 255)),
        ("RGBA", "png", (1, 2, 3, 0), (1, 2, 3)),
        ("LA", "png", (9, 0), (9, 9, 9)),
        ("CMYK", "tif", (255, 0, 0, 0), (0, 255, 255)),
        ("P", "gif", 0, (0, 0, 0)),
        ("I;16", "png", 0xAB12, (0xAB, 0xAB, 0xAB)),
    ],
)
def test_decodes_every_kind_of_pixel_to_rgb(
    root: Path, mode: str, ending: str, colour: int | tuple[int, ...], expected: tuple[int, int, int]
) -> None:
    file = root / f"image.{ending}"
    Image.new(mode, (5, 3), colour).save(file)
    pixels = decode_image(file, root)
    assert pixels.shape == (3, 3, 5)
    assert [int(channel.min()) for channel in pixels] == [int(channel.max()) for channel in pixels] == list(expected)


def test_turns_photographs_the_way_the_camera_was_held(root: Path) -> None:
    image = Image.new("RGB", (8, 4))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn clockwise by a quarter
    image.save(root / "turned.jpg", exif=exif)
    assert decode_image(root / "turned.jpg", root).shape == (3, 8, 4)


def test_the_split_depends_on_seed_and_names_alone(root: Path, make: Make) -> None:
    for index in range(20):
        make(f"a/{index}.png")
        make(f"b/{index}.png")
    images = scan_image_folder(root)
    training, validation = stratified_split(images, 0.25, seed=1)
    assert stratified_split(images, 0.25, seed=1) == (training, validation)
    assert stratified_split(images, 0.25, seed=2) != (training, validation)
    assert sorted(training + validation) == list(range(40))
    assert [sum(images.labels[i] == label for i in validation) for label in (0, 1)] == [5, 5]


def test_one_more_image_moves_few_others_between_the_parts(root: Path, make: Make) -> None:
    for index in range(20):
        make(f"a/{index}.png")
        make(f"b/{index}.png")

    def validating() -> set[str]:
        images = scan_image_folder(root)
        return {images.files[i] for i in stratified_split(images, 0.25, seed=1)[1]}

    before = validating()
    make("a/one more.png")
    assert len(before ^ validating()) <= 2


def test_a_class_of_one_image_trains_and_is_warned_of(
    root: Path, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a/1.png", "b/1.png", "b/2.png"):
        make(name)
    images = scan_image_folder(root)
    training, validation = stratified_split(images, 0.2, seed=0)
    assert (len(training), len(validation)) == (2, 1)
    assert "code=single_image_class" in capsys.readouterr().out
