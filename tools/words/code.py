"""code.py CHECKOUT [SECTION …]: the table "In code" of words.md, section by section; run on a clean checkout."""

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import code_engine

SECTIONS = ["1", "2", "3", "4", "5", "6", "7"]


def main() -> None:
    root, asked = Path(sys.argv[1]), sys.argv[2:] or SECTIONS
    faults = 0
    for number in asked:
        try:
            section = importlib.import_module(f"code_{number}").SECTION
        except ModuleNotFoundError:
            print(f"== section {number} is not written yet")
            continue
        faults += code_engine.run_section(root, section)
    sys.exit(1 if faults else 0)


main()
