#!/usr/bin/env python3
"""Reads what a test runner printed and says how many tests passed, failed and were skipped.

Usage: test_counts.py EXIT_CODE LOG        prints "passed failed skipped"
       test_counts.py --self-test

Understands GoogleTest, Vitest, node --test, and the plain line "N passed, N failed[, N skipped]".
A runner that ended badly without naming a failed test counts as one failed: no crash is silent.
"""
import re
import sys


def number(pattern, text):
    """Sum of the first group over all lines that match."""
    return sum(int(match.group(1)) for match in re.finditer(pattern, text, re.MULTILINE))


def counts(exit_code, text):
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
    passed = number(r"^\[  PASSED  \] (\d+) tests?\.", text)
    failed = number(r"^\[  FAILED  \] (\d+) tests?(?:\.|, listed below)", text)
    skipped = number(r"^\[  SKIPPED \] (\d+) tests?(?:\.|, listed below)", text)
    for line in re.findall(r"^ +Tests +(.*)\(\d+\)\s*$", text, re.MULTILINE):
        passed += number(r"(\d+) passed", line)
        failed += number(r"(\d+) failed", line)
        skipped += number(r"(\d+) (?:skipped|todo)", line)
    passed += number(r"^(?:#|ℹ) pass (\d+)$", text)
    failed += number(r"^(?:#|ℹ) fail (\d+)$", text)
    skipped += number(r"^(?:#|ℹ) (?:skipped|todo) (\d+)$", text)
    for line in re.finditer(
        r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", text, re.MULTILINE
    ):
        passed += int(line.group(1))
        failed += int(line.group(2))
        skipped += int(line.group(3) or 0)
    if exit_code != 0 and failed == 0:
        failed = 1
    return passed, failed, skipped


CASES = [
    ("gtest, all well", 0, "[==========] 3 tests ran.\n[  PASSED  ] 3 tests.\n", (3, 0, 0)),
    ("gtest, one test", 0, "[  PASSED  ] 1 test.\n", (1, 0, 0)),
    (
        "gtest, failures and skips",
        1,
        "[  PASSED  ] 5 tests.\n[  SKIPPED ] 2 tests, listed below:\n[  SKIPPED ] A.b\n"
        "[  FAILED  ] 1 test, listed below:\n[  FAILED  ] A.d\n\n 1 FAILED TEST\n",
        (5, 1, 2),
    ),
    ("gtest, killed before its summary", 139, "[ RUN      ] A.b\n", (0, 1, 0)),
    (
        "gtest, passed but leaked at exit",
        1,
        "[  PASSED  ] 5 tests.\nSUMMARY: AddressSanitizer\n",
        (5, 1, 0),
    ),
    ("gtest, brief", 0, "[  PASSED  ] 2 tests.\n[  SKIPPED ] 1 test.\n", (2, 0, 1)),
    ("vitest", 0, " Test Files  2 passed (2)\n      Tests  7 passed | 1 skipped (8)\n", (7, 0, 1)),
    (
        "vitest, coloured, failing",
        1,
        "\x1b[2m      Tests \x1b[22m \x1b[31m2 failed\x1b[39m | \x1b[32m7 passed\x1b[39m (9)\n",
        (7, 2, 0),
    ),
    ("node --test", 1, "ℹ tests 4\nℹ pass 2\nℹ fail 1\nℹ skipped 1\n", (2, 1, 1)),
    ("plain line", 0, "tidy: 12 passed, 0 failed\n", (12, 0, 0)),
    ("nothing ran", 0, "no tests\n", (0, 0, 0)),
    ("words in passing do not count", 0, "I saw 3 passed, 4 failed somewhere\n", (0, 0, 0)),
]


def self_test():
    wrong = 0
    for name, exit_code, text, expected in CASES:
        if counts(exit_code, text) != expected:
            wrong += 1
            print(f"{name}: expected {expected}, got {counts(exit_code, text)}")
    print(f"{len(CASES) - wrong} passed, {wrong} failed, 0 skipped")
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    with open(sys.argv[2], encoding="utf-8", errors="replace") as log:
        print(*counts(int(sys.argv[1]), log.read()))
