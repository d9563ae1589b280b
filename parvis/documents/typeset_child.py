"""The process that sets one document: order and data on its standard input, PDF on its standard output.

What the typesetter warns of (a typeface not found, a text that does not converge) is an error: a document is whole or
not made.
"""

import json
import sys
from pathlib import Path


def _main() -> None:
    import typst  # noqa: PLC0415  (the process that asks has no need of it)

    order = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read().decode()
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(Path(order["root"]) / order["template"]), root=order["root"], font_paths=[order["typefaces"]],
            ignore_system_fonts=True, sys_inputs={"data": data}, pdf_standards=order["standards"],
            timestamp=order["timestamp"],
        )  # fmt: skip
    except typst.TypstError as error:
        sys.exit(error.diagnostic)
    if warnings:
        sys.exit("\n".join(str(warning) for warning in warnings))
    sys.stdout.buffer.write(pdf or b"")


if __name__ == "__main__":
    _main()
