#!/usr/bin/env python3
"""The house rules of docs/STYLE.md, as a test. The rules stand in tools/tidy_rules.py.

Usage: tidy.py               checks the whole tree; exit code 1 and one line per finding
       tidy.py --self-test   proves with tools/tidy_fixtures/ that each rule fires and stays silent
       tidy.py --shrink      lowers entries of tools/tidy_debts.txt that are paid; never raises one
       tidy.py --rules       prints every rule with its reason

Known debts stand in tools/tidy_debts.txt ("rule path weight"): a list that may only shrink.
"""
import os
import re
import sys
from collections import Counter

import tidy_rules  # noqa: F401  (registers its rules)
import tidy_words  # noqa: F401  (registers its rules)
from tidy_tree import RULES, Finding, Tree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEBTS = "tools/tidy_debts.txt"


def all_findings(tree):
    return [finding for check in RULES.values() for finding in check(tree)]


def read_debts(tree):
    lines = (line.split("#")[0].split() for line in tree.files.get(DEBTS, "").splitlines())
    return {
        (rule_name, path): int(weight)
        for rule_name, path, weight in (line for line in lines if line)
    }


def judge(tree):
    """What is to be said: findings beyond their debt, and debts that are larger than what is
    left of them."""
    debts, weights, said = read_debts(tree), Counter(), []
    findings = all_findings(tree)
    for finding in findings:
        weights[finding.rule, finding.path] += finding.weight
    for finding in findings:
        if weights[finding.rule, finding.path] > debts.get((finding.rule, finding.path), 0):
            said.append(finding)
    for (name, path), debt in debts.items():
        if weights[name, path] < debt:
            said.append(
                Finding(
                    "debt",
                    DEBTS,
                    1,
                    f"good: {name} {path} is down to {weights[name, path]}; run tidy.py --shrink",
                )
            )
    return said, weights


def shrink(tree, weights):
    kept = []
    for line in tree.files[DEBTS].splitlines():
        words = line.split("#")[0].split()
        if words:
            left = min(weights[words[0], words[1]], int(words[2]))
            line = f"{words[0]} {words[1]} {left}" if left else None
        if line is not None:
            kept.append(line + "\n")
    with open(os.path.join(ROOT, DEBTS), "w", encoding="utf-8") as file:
        file.writelines(kept)


def self_test():
    """Each fixture is a list of small trees; '>>> fires N' must give N findings of its rule,
    '>>> silent' none."""
    folder, wrong, run = os.path.join(ROOT, "tools/tidy_fixtures"), 0, 0
    for name in list(RULES) + ["debt"]:
        try:
            with open(f"{folder}/{name}.txt", encoding="utf-8") as file:
                trees = re.split(r"^>>> ", file.read(), flags=re.M)[1:]
        except FileNotFoundError:
            trees = []
        expectations = []
        for text in trees:
            expected, _, body = text.partition("\n")
            parts = re.split(r"^--- (.*)\n", body, flags=re.M)
            tree = Tree(dict(zip(parts[1::2], parts[2::2])))
            found = [f for f in judge(tree)[0] if f.rule == name]
            wanted = int(expected.split()[1]) if expected.startswith("fires") else 0
            expectations.append(wanted)
            run += 1
            if len(found) != wanted:
                wrong += 1
                print(f"{name}: '{expected}' gave {len(found)}: {[tuple(f) for f in found]}")
        if 0 not in expectations or not any(expectations):
            wrong, run = wrong + 1, run + 1
            print(f"{name}: needs a fixture that fires and one that stays silent")
    print(f"{run - wrong} passed, {wrong} failed, 0 skipped")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if arguments == ["--rules"]:
        for name, check in RULES.items():
            print(f"{name}: {' '.join(check.__doc__.split())}")
        return 0
    tree = Tree.from_disk(ROOT)
    said, weights = judge(tree)
    if arguments == ["--shrink"]:
        shrink(tree, weights)
        return 0
    for finding in sorted(said, key=lambda f: (f.path, f.line)):
        print(f"{finding.path}:{finding.line}: {finding.rule}: {finding.message}")
    print(
        f"tidy: {len(tree.files)} files, {len(RULES)} rules, {len(said)} findings,"
        f" {len(read_debts(tree))} known debts"
    )
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
