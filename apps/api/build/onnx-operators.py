"""Writes src/registry/files/onnx-operators.ts: the operators that ONNX and onnxruntime know.

Run with the trainer's Python: packages/trainer/.venv/bin/python apps/api/build/onnx-operators.py
"""

import textwrap
from collections import defaultdict

import onnx.defs
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as runtime

# What onnxruntime makes for itself while it rearranges a graph is in no file.
INTERNAL = {"com.ms.internal.nhwc", "com.microsoft.nchwc"}

names: dict[str, set[str]] = defaultdict(set)
schemas = [*onnx.defs.get_all_schemas_with_history(), *runtime.get_all_operator_schema()]
for schema in schemas:
    if schema.domain not in INTERNAL:
        names[schema.domain].add(schema.name)

print(f"""// Written by build/onnx-operators.py, of onnx {onnx.__version__} and onnxruntime {onnxruntime.__version__}.

/** The operators of each domain, of whatever version; that of ONNX itself has no name. */
export const ONNX_OPERATORS: Record<string, string> = {{""")
for domain, operators in sorted(names.items()):
    lines = textwrap.indent(textwrap.fill(" ".join(sorted(operators)), 112), "    ")
    print(f"  '{domain}': `\n{lines}\n  `,")
print("};")
