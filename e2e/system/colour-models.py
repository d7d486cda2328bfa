"""Write two small real networks as ONNX that look for colours.

    python colour-models.py FOLDER    (needs the environment of the recipes)

detector.onnx   a box around what is red and one around what is blue, as torchvision's detectors answer
anomaly.onnx    how far each pixel is from the mean of the image, as anomalib's models answer
"""

import sys
from pathlib import Path

import onnx
from onnx import parser

HEAD = '<ir_version: 8, opset_import: ["" : 18]>'


def box_of(colour: str) -> str:
    """Find the corners of all places of one colour; without any its score is 0."""
    return f"""
        {colour}_here = Greater({colour}_more, least)
        {colour}_mask = Cast<to: int = 1>({colour}_here)
        {colour}_columns = ReduceMax<keepdims: int = 0>({colour}_mask, across_rows)
        {colour}_rows = ReduceMax<keepdims: int = 0>({colour}_mask, across_columns)
        {colour}_x1 = ArgMax<axis: int = 1>({colour}_columns)
        {colour}_x2 = ArgMax<axis: int = 1, select_last_index: int = 1>({colour}_columns)
        {colour}_y1 = ArgMax<axis: int = 1>({colour}_rows)
        {colour}_y2 = ArgMax<axis: int = 1, select_last_index: int = 1>({colour}_rows)
        {colour}_firsts = Concat<axis: int = 1>({colour}_x1, {colour}_y1)
        {colour}_lasts = Concat<axis: int = 1>({colour}_x2, {colour}_y2)
        {colour}_ends = Add({colour}_lasts, one)
        {colour}_corners = Concat<axis: int = 1>({colour}_firsts, {colour}_ends)
        {colour}_numbers = Cast<to: int = 1>({colour}_corners)
        {colour}_box = Unsqueeze({colour}_numbers, second)
        {colour}_most = ReduceMax<keepdims: int = 0>({colour}_mask, across_columns_and_rows)
        {colour}_score = Mul({colour}_most, {colour}_sure)
    """


DETECTOR = f"""{HEAD}
colours (uint8[1, h, w, 3] image) => (float[1, 2, 4] boxes, int64[1, 2] labels, float[1, 2] scores)
<float least = {{100}}, float red_sure = {{0.9}}, float blue_sure = {{0.6}}, int64[2] labels_of = {{1, 2}},
 int64 one = {{1}}, int64[1] second = {{1}}, int64[1] first = {{0}}, int64[2] across_rows = {{1, 3}},
 int64[2] across_columns = {{2, 3}}, int64[2] across_columns_and_rows = {{1, 2}}>
{{
    pixels = Cast<to: int = 1>(image)
    red, green, blue = Split<axis: int = 3, num_outputs: int = 3>(pixels)
    red_others = Max(green, blue)
    red_more = Sub(red, red_others)
    blue_others = Max(red, green)
    blue_more = Sub(blue, blue_others)
    {box_of("red")}
    {box_of("blue")}
    boxes = Concat<axis: int = 1>(red_box, blue_box)
    scores = Concat<axis: int = 1>(red_score, blue_score)
    labels = Unsqueeze(labels_of, first)
}}
"""

ANOMALY = f"""{HEAD}
strange (uint8[1, h, w, 3] image) => (float[1] pred_score, bool[1] pred_label, float[1, h, w] anomaly_map)
<float most = {{255}}, float least = {{0.5}}, int64[1] channels = {{3}}, int64[3] all = {{1, 2, 3}}, int64[2] places = {{1, 2}}>
{{
    pixels = Cast<to: int = 1>(image)
    shares = Div(pixels, most)
    mean = ReduceMean(shares, all)
    away = Sub(shares, mean)
    distance = Abs(away)
    anomaly_map = ReduceMean<keepdims: int = 0>(distance, channels)
    pred_score = ReduceMax<keepdims: int = 0>(anomaly_map, places)
    pred_label = Greater(pred_score, least)
}}
"""

for name, text in {"detector": DETECTOR, "anomaly": ANOMALY}.items():
    model = parser.parse_model(text)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, Path(sys.argv[1]) / f"{name}.onnx")
