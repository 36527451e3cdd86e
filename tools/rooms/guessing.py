"""A place for files that came after the lists were written: tests by the module they are named after; modules never."""

import mapping as places

#: Folders of which every Python file must have a line; what may stay there has one, too, or is named here.
STRICT = {
    "portal/domain": {"__init__", "access", "errors", "pages"},
    "portal/jobs": {"__init__", "worker"},
    "portal/models": {"__init__"},
    "portal/web": {"__init__", "help"},
    "portal/web/teach": {"__init__", "blueprint", "forms", "names"},
    "portal/sources/olx": {
        "__init__", "contents", "course", "dictionary", "hidden", "materials", "pictures", "remarks", "section",
        "windows", "written_pictures",
    },
    "portal/cli": {
        "__init__", "attempt", "client", "course", "import_report", "people", "provider", "provider_check", "webhook",
    },
    "portal/providers": {"__init__", "practice", "recordings", "reviews"},
}  # fmt: skip
#: A test's first words -> its folder, for tests of today's flat folders that no list names.
PREFIXES = {
    "tests/web/test_teach_": "tests/web/teach/test_",
    "tests/web/test_provider_api_": "tests/web/provider_api/test_",
    "tests/web/test_proctored_": "tests/web/proctored/test_",
    "tests/web/test_review_": "tests/web/review/test_",
    "tests/web/test_sign_in_": "tests/web/sign_in/test_",
    "tests/web/test_learner_": "tests/web/learner/test_",
    "tests/web/test_": "tests/web/attempt/test_",
    "tests/hard/": "tests/resilience/",
    "tests/browser/test_": "tests/browser/exam/test_",
    "tests/domain/test_": "tests/domain/test_",
    "tests/jobs/test_": "tests/jobs/test_",
}
STAY = {"tests/web/test_queries.py", "tests/jobs/test_worker.py"}


def place_the_rest(mapping: places.Mapping, known: set[str]) -> None:
    modules = {old.rpartition("/")[2].removesuffix(".py"): new for old, new in mapping.files.items() if old.startswith("portal/domain/")}
    for path in sorted(known):
        folder, _, name = path.rpartition("/")
        if folder in mapping.folders:
            mapping.files[path] = f"{mapping.folders[folder]}/{name}"
        if path in mapping.files or not path.endswith(".py") or path in STAY:
            continue
        folder, _, name = path.rpartition("/")
        stem = name.removesuffix(".py").removeprefix("test_")
        if folder == "tests/domain":
            named = max((one for one in modules if stem.startswith(one)), key=len, default=None)
            if named:
                mapping.files[path] = f"tests/{modules[named].removeprefix('portal/').rpartition('/')[0]}/{name}"
                print(f"guessed: {path} -> {mapping.files[path]}")
            continue
        before = next((one for one in PREFIXES if path.startswith(one) and "/" not in path.removeprefix(one)), None)
        if before and PREFIXES[before] != before:
            mapping.files[path] = PREFIXES[before] + path.removeprefix(before)
            print(f"guessed: {path} -> {mapping.files[path]}")


def homeless(mapping: places.Mapping, known: set[str]) -> list[str]:
    found = []
    for path in sorted(known):
        folder, _, name = path.rpartition("/")
        if folder in STRICT and name.endswith(".py") and path not in mapping.files:
            if name.removesuffix(".py") not in STRICT[folder]:
                found.append(path)
    return found
