"""The process that sets documents: an order and one line of data each on its standard input, PDFs on its output.

What the typesetter warns of (a typeface not found, a text that does not converge) is an error: a document is whole or
not made.
"""

import json
import sys
from pathlib import Path


def _main() -> None:
    import typst  # noqa: PLC0415  (the process that asks has no need of it)

    order = json.loads(sys.stdin.buffer.readline())
    for data in sys.stdin.buffer:
        try:
            pdf, warnings = typst.compile_with_warnings(
                str(Path(order["root"]) / order["template"]), root=order["root"], font_paths=[order["typefaces"]],
                ignore_system_fonts=True, sys_inputs={"data": data.decode()}, pdf_standards=order["standards"],
                timestamp=order["timestamp"],
            )  # fmt: skip
        except typst.TypstError as error:
            sys.exit(error.diagnostic)
        if warnings or not pdf:
            sys.exit("\n".join(str(warning) for warning in warnings))
        sys.stdout.buffer.write(len(pdf).to_bytes(8, "big"))
        sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    _main()
