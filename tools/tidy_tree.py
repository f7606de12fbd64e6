"""What the house rules see: the files of the repository, read as text, as code and as SQL."""
import os
import posixpath
import re
from collections import namedtuple

SKIPPED_FOLDERS = {
    ".git",
    "build",
    ".tools",
    ".data",
    "node_modules",
    "dist",
    ".cache",
    "tidy_fixtures",
    "fixture",
    "fixtures",
    "shared",
}
TEXT_SUFFIXES = (
    ".cpp",
    ".hpp",
    ".ts",
    ".tsx",
    ".sql",
    ".md",
    ".json",
    ".py",
    ".cmake",
    ".txt",
    ".deps",
    ".sh",
    ".mjs",
)
CPP, WEB = (".cpp", ".hpp"), (".ts", ".tsx", ".mjs")

Finding = namedtuple("Finding", "rule path line message weight", defaults=(1,))
RULES = {}

TOKEN = re.compile(
    r'R"(?P<d>[^()\s\\"]{0,16})\((?P<raw>.*?)\)(?P=d)"|"(?P<text>(?:\\.|[^"\\\n])*)"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*.*?\*/",
    re.S,
)
WEB_TOKEN = re.compile(
    r'`(?:\\.|[^`\\])*`|"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])*'|//[^\n]*|/\*.*?\*/", re.S
)
STATEMENT = re.compile(
    r"^\s*(select\s.*\bfrom\s|select\s+[\d$]|insert\s+into\s|update\s+[\w.]+\s+set\s|"
    r"delete\s+from\s|"
    r"with\s+\w+\s+as\s*\(|"
    r"merge\s+into|set\s+(local|constraints)\s|copy\s+[\w.]+)",
    re.I | re.S,
)


def rule(name):
    def register(function):
        RULES[name] = function
        return function

    return register


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Tree:
    """Files of the repository by path, and three readings of each: text, code, SQL."""

    def __init__(self, files):
        self.files = files
        self.cache = {}

    @staticmethod
    def from_disk(root):
        files = {}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(
                f
                for f in folders
                if f not in SKIPPED_FOLDERS and not os.path.islink(f"{folder}/{f}")
            )
            for name in sorted(names):
                if name.endswith(TEXT_SUFFIXES) or name == "dev":
                    with open(
                        os.path.join(folder, name), encoding="utf-8", errors="replace"
                    ) as file:
                        files[os.path.relpath(os.path.join(folder, name), root)] = file.read()
        return Tree(files)

    def paths(self, *suffixes, under=""):
        return [p for p in sorted(self.files) if p.endswith(suffixes) and p.startswith(under)]

    def code(self, path):
        """The text with comments and the inside of strings blanked; line numbers stay."""
        if path not in self.cache:
            token = TOKEN if path.endswith(CPP) else WEB_TOKEN
            self.cache[path] = token.sub(lambda m: blank(m.group()), self.files[path])
        return self.cache[path]

    def sql(self, path):
        """(line, SQL) of each statement in a file, without SQL comments and with '…' emptied."""
        text, found = self.files[path], []
        if path.endswith(".sql"):
            found = [(1, text)]
        elif path.endswith(CPP):
            for match in TOKEN.finditer(text):
                body = match.group("raw") if match.group("raw") is not None else match.group("text")
                if body and (match.group("d") == "sql" or STATEMENT.match(body)):
                    found.append((line_of(text, match.start()), body))
        return [
            (line, re.sub(r"'[^'\n]*'", "''", re.sub(r"--[^\n]*", blank_match, body)))
            for line, body in found
        ]


def blank_match(match):
    return blank(match.group())


def is_test(path):
    return bool(re.search(r"_(pg)?test\.[ch]pp$|\.test\.tsx?$|^test/", path))


def unit_of(path):
    """src/modules/orders/x.cpp → orders; src/channel/amazon/x.cpp → channel/amazon;
    src/base/x.cpp → base."""
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != "src":
        return None
    if parts[1] == "modules":
        return parts[2] if len(parts) > 3 else None
    if parts[1] == "channel":
        return "/".join(parts[1:3]) if len(parts) > 3 else None
    return parts[1]


def is_module(unit, tree):
    return unit is not None and (
        "/" in unit or any(p.startswith(f"src/modules/{unit}/") for p in tree.files)
    )


def read_deps(tree):
    """src/modules.deps: {unit: faces it may include} and {unit: foreign schemas its SQL may
    name}."""
    faces, schemas = {}, {}
    for line in tree.files.get("src/modules.deps", "").splitlines():
        match = re.match(r"([\w/]+)( sql)?:(.*)", line.split("#")[0].rstrip())
        if match:
            (schemas if match.group(2) else faces)[match.group(1)] = match.group(3).split()
    return faces, schemas


def includes(tree, path):
    text = tree.files[path]
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', text, re.M):
        here = posixpath.normpath(posixpath.join(posixpath.dirname(path), match.group(1)))
        target = here if here in tree.files else "src/" + match.group(1)
        yield line_of(text, match.start()), match.group(1), target
