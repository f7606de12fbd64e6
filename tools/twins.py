#!/usr/bin/env python3
"""Shows that each security test can fail: removes the guard that it tests and sees it go red.

Usage: twins.py [NAME …]              every twin of test/twins.txt, or those named
       twins.py --build              only builds what the twins need
       twins.py --tree DIR [NAME …]   in a built tree of its own (put back at the end)

The twins are planted together into a copy of the tree, each behind a switch that the environment
sets, so that one build serves all. First all tests must be green with no switch set; then each
twin's tests must all be red with its switch set.

A twin in test/twins.txt:

    == name: what is removed
    red: GoogleTest filter
    --- path of the file
    exact text, once in the file
    +++
    what stands there instead; TWIN is true when the guard is to be missing
    ---
"""
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SWITCH = """#ifndef ENTREPOT_TWIN
#define ENTREPOT_TWIN
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
namespace entrepot {
inline bool twin_is_planted(const char* name) {
    const char* chosen = std::getenv("ENTREPOT_TWIN");
    return chosen != nullptr && std::strcmp(chosen, name) == 0;
}
/// `text` with `old` replaced; what is given back lives for ever, as a statement does.
inline std::string_view twin_text(std::string_view text, std::string_view old,
                                  std::string_view by) {
    auto* out = new std::string(text);
    const auto at = out->find(old);
    if (at == std::string::npos) std::abort();
    return out->replace(at, old.size(), by);
}
}  // namespace entrepot
#endif
"""
RUN_SECONDS_MAX = 300
# keyd's tests are a program of their own; a filter names tests of either.
BINARIES = {"entrepot_tests": "build/quick/src/app", "keyd_tests": "build/quick/src/keyd"}


class Twin:
    def __init__(self, name, about):
        self.name, self.about, self.red, self.edits = name, about, "", []


def read_twins(text):
    """The twins of a description; what is not understood ends the program."""
    twins, part, edit = [], None, None
    for number, line in enumerate(text.splitlines(), 1):
        if part is None and (not line.strip() or line.startswith("#")):
            continue
        head = re.fullmatch(r"== ([a-z0-9_]+): (.+)", line)
        if part is None and head:
            twins.append(Twin(*head.groups()))
        elif part is None and line.startswith("red: ") and twins:
            twins[-1].red = line[5:].strip()
        elif part is None and line.startswith("--- ") and twins:
            edit = [line[4:].strip(), [], []]
            part = 1
        elif part == 1 and line == "+++":
            part = 2
        elif part == 2 and line == "---":
            twins[-1].edits.append((edit[0], "\n".join(edit[1]), "\n".join(edit[2])))
            part = None
        elif part is not None:
            edit[part].append(line)
        else:
            sys.exit(f"test/twins.txt:{number}: not understood: {line}")
    for twin in twins:
        if not twin.red or not twin.edits or part is not None:
            sys.exit(f"test/twins.txt: {twin.name} is not whole")
        if not any("TWIN" in new for _, _, new in twin.edits):
            sys.exit(f"test/twins.txt: {twin.name} has no switch")
    return twins


def planted(twins):
    """Path → text with all twins in it; a guard that is no longer there is named."""
    texts, lost = {}, []
    for twin in twins:
        for path, old, new in twin.edits:
            text = texts.get(path) or (ROOT / path).read_text()
            if text.count(old) != 1:
                lost.append(f"{twin.name}: {path} has its guard {text.count(old)} times, not once")
                continue
            texts[path] = text.replace(
                old, new.replace("TWIN", f'::entrepot::twin_is_planted("{twin.name}")')
            )
    if lost:
        sys.exit("\n".join(lost))
    return {path: SWITCH + text for path, text in texts.items()}


def write_if_other(path, data):
    if path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def copy_tree(tree, changed):
    """The tree as it is now, with the changed files; what is the same keeps its time."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
        capture_output=True, text=True,
    ).stdout.split("\0")
    names = {name for name in names if name and (ROOT / name).is_file()}
    for name in names - set(changed):
        target = tree / name
        write_if_other(target, (ROOT / name).read_bytes())
        shutil.copymode(ROOT / name, target)
    for path in tree.rglob("*"):
        name = path.relative_to(tree).as_posix()
        if path.is_file() and name not in names and not name.startswith("build/"):
            path.unlink()
    plant(tree, changed)


def plant(tree, changed):
    for name, text in changed.items():
        write_if_other(tree / name, text.encode())


def build(tree):
    jobs = os.environ.get("ENTREPOT_JOBS", str(os.cpu_count() or 2))
    environment = dict(os.environ, CCACHE_BASEDIR=str(tree))
    if not (tree / "build/quick/build.ninja").exists():
        subprocess.run(["cmake", "--preset", "quick"], cwd=tree, env=environment, check=True)
    subprocess.run(
        ["cmake", "--build", "--preset", "quick", "--target", *BINARIES, "-j", jobs],
        cwd=tree, env=environment, check=True,
    )


def run(tree, chosen, red):
    """(tests that failed, tests that passed, what was printed)"""
    environment = dict(os.environ, ENTREPOT_TWIN=chosen, ENTREPOT_ROOT=str(tree))
    failed, passed, printed = 0, 0, ""
    for name, folder in BINARIES.items():
        done = subprocess.run(
            [str(tree / folder / name), f"--gtest_filter={red}"],
            cwd=tree, env=environment, capture_output=True, text=True, errors="replace",
            timeout=RUN_SECONDS_MAX,
        )
        failed += len(set(re.findall(r"^\[  FAILED  \] (\S+), where|^\[  FAILED  \] (\S+) \(", done.stdout, re.M)))
        passed += len(re.findall(r"^\[       OK \] ", done.stdout, re.M))
        printed += done.stdout + done.stderr
    return failed, passed, printed


def check(tree, twins):
    passed = failed = 0
    bad, good, printed = run(tree, "", ":".join(twin.red for twin in twins))
    if bad or not good:
        print(printed[-4000:])
        sys.exit("the tests are not green before anything is removed")
    print(f"ok    {good} tests are green with every guard in place")
    for twin in twins:
        start = time.monotonic()
        try:
            red, green, printed = run(tree, twin.name, twin.red)
        except subprocess.TimeoutExpired:
            red, green, printed = 0, 0, f"no end after {RUN_SECONDS_MAX} s"
        seconds = time.monotonic() - start
        if red and not green:
            passed += 1
            print(f"ok    {twin.name}: without {twin.about}, {red} red ({seconds:.0f} s)")
        else:
            failed += 1
            print(f"FAIL  {twin.name}: without {twin.about}, {green} of {twin.red} stay green\n{printed[-1500:]}")
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def main(arguments):
    tree = ROOT / "build/twins"
    only_build = arguments == ["--build"]
    if only_build:
        arguments = []
    own = not (arguments and arguments[0] == "--tree")
    if not own:
        tree, arguments = Path(arguments[1]).resolve(), arguments[2:]
    twins = read_twins((ROOT / "test/twins.txt").read_text())
    unknown = set(arguments) - {twin.name for twin in twins}
    if unknown:
        sys.exit(f"no such twin: {', '.join(sorted(unknown))}")
    changed = planted(twins)
    if own:
        copy_tree(tree, changed)
    before = {} if own else {name: (tree / name).read_text() for name in changed}
    try:
        if not own:
            plant(tree, changed)
        build(tree)
        if only_build:
            return 0
        return check(tree, [twin for twin in twins if not arguments or twin.name in arguments])
    finally:
        plant(tree, before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
