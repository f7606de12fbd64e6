"""The house rules that need more than a pattern. Each docstring is the rule's reason.

A new rule: a function here, or a row in tidy_words.py, and tools/tidy_fixtures/<rule>.txt with a
tree where it fires and one where it stays silent.
"""
import json
import posixpath
import re
from collections import Counter, defaultdict

from tidy_tree import CPP, WEB, Finding, blank_match, includes, is_module, is_test, line_of
from tidy_tree import read_deps, rule, unit_of

FUNCTION_LINES_MAX, LINE_COLUMNS_MAX, FILE_LINES_MAX, README_LINES_MAX = 70, 160, 600, 60


@rule("layers")
def check_layers(tree):
    """An arrow only ever points down: src/modules.deps says who may include whose face, so that
    a module can be read, tested and changed knowing only the faces that it lists."""
    faces, _ = read_deps(tree)
    # Headers of a module that tests include and nobody else: samples of its values.
    users = defaultdict(list)
    for path in tree.paths(*CPP):
        for _, _, target in includes(tree, path):
            users[target].append(path)
    for_tests = {path: users[path] and all(map(is_test, users[path])) for path in tree.files}
    for path in tree.paths(*CPP, under="src/"):
        unit = unit_of(path)
        if unit is None:
            continue
        if unit not in faces:
            yield Finding("layers", path, 1, f"'{unit}' has no line in src/modules.deps")
            continue
        for line, name, target in includes(tree, path):
            other = unit_of(target)
            if name.startswith("support/"):
                if not is_test(path) and not for_tests[path]:
                    yield Finding("layers", path, line, "test/support is open to tests only")
                continue
            if other is None or other == unit:
                continue
            below = {"base", "platform"} if is_module(unit, tree) else set()
            allowed = other in below | set(faces[unit]) or (
                "*" in faces[unit] and other not in ("keyd", "sim")
            )
            crossing = "sim" in (unit, other) or other == "keyd"
            if not allowed and (crossing or not is_test(path)):
                yield Finding(
                    "layers", path, line, f"'{unit}' may not include '{name}': see src/modules.deps"
                )
            elif (
                # The vault's inside reads plaintext: its face is all that anybody else sees.
                (is_module(other, tree) or other == "vault")
                and posixpath.basename(target) != f"{other.split('/')[-1]}.hpp"
                and (unit not in ("app", "api") or other == "vault")
                and not is_test(path)
            ):
                yield Finding("layers", path, line, f"include the face of '{other}', not '{name}'")


def cycles(graph):
    """Each strongly connected group of more than one node, found by depth-first search from
    every node."""
    reach = {}
    for start in graph:
        seen, todo = set(), [start]
        while todo:
            for other in graph.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        reach[start] = seen
    groups = {
        tuple(sorted(n for n in graph if n in reach[s] and s in reach.get(n, ())))
        for s in graph
        if s in reach[s]
    }
    return sorted(groups)


@rule("cycle")
def check_cycles(tree):
    """What includes itself in a circle cannot be understood, built or moved one part at a time."""
    faces, _ = read_deps(tree)
    for group in cycles(
        {unit: [f for f in listed if f in faces] for unit, listed in faces.items()}
    ):
        yield Finding("cycle", "src/modules.deps", 1, "circle: " + " ".join(group))
    headers = tree.paths(".hpp", under="src/")
    graph = {path: [t for _, _, t in includes(tree, path) if t in tree.files] for path in headers}
    for group in cycles(graph):
        yield Finding("cycle", group[0], 1, "headers include each other: " + " ".join(group))


@rule("heavy-include")
def check_heavy_includes(tree):
    """A module's header costs every file that sees it. Beast, Asio I/O and libpq stay inside
    platform (a handler file compiles in 0.5 s instead of 7 s)."""
    heavy = re.compile(
        r'#\s*include\s*[<"](boost/beast|boost/asio(?!/awaitable\.hpp)|libpq-fe\.h|curl/)'
    )
    for path in tree.paths(".hpp", under="src/"):
        if is_module(unit_of(path), tree) or path.startswith("src/base/"):
            for match in heavy.finditer(tree.files[path]):
                yield Finding(
                    "heavy-include",
                    path,
                    line_of(tree.files[path], match.start()),
                    "too heavy for a header",
                )


@rule("schema")
def check_schemas(tree):
    """Folder = namespace = schema. A table has one owner; others ask its face, so a column can
    be changed by reading one folder. Exceptions: 'unit sql: schema' in src/modules.deps."""
    faces, extra = read_deps(tree)
    names = {p.split("/")[2] for p in tree.files if re.match(r"src/(modules|channel)/[^/]+/", p)}
    names |= {"platform", "vault", "keyd", "channel", "api"}
    known = re.compile(r"(?<![\w.$])(" + "|".join(sorted(names)) + r")\.(\w+)")
    for path in tree.paths(*CPP, ".sql", under="src/"):
        unit = unit_of(path)
        if (
            unit is None
            or is_test(path)
            or not (is_module(unit, tree) or unit in ("platform", "vault", "api", "keyd"))
        ):
            continue
        allowed = {unit.split("/")[-1], unit.split("/")[0], "platform"} | set(extra.get(unit, ()))
        for line, sql in tree.sql(path):
            for match in known.finditer(sql):
                # Whoever may use a face may point a foreign key at what stands behind it.
                key = re.search(r"\breferences\s+$", sql[: match.start()], re.I)
                if match.group(1) not in allowed | (set(faces.get(unit, ())) if key else set()):
                    yield Finding(
                        "schema",
                        path,
                        line + line_of(sql, match.start()) - 1,
                        f"'{unit}' names '{match.group()}', a table of '{match.group(1)}'",
                    )


@rule("sql-in-store")
def check_sql_in_store(tree):
    """The store is the only place with SQL: who touches a table is found in one file, and what
    decides has none."""
    for path in tree.paths(*CPP, under="src/"):
        if (
            is_module(unit_of(path), tree)
            and not is_test(path)
            and "store" not in posixpath.basename(path)
        ):
            for line, _ in tree.sql(path):
                yield Finding(
                    "sql-in-store", path, line, "SQL belongs into store.cpp or <noun>_store.cpp"
                )


def statements(sql):
    return re.finditer(r"[^;]+", sql)


@rule("citus")
def check_citus(tree):
    """The same SQL must run on a distributed database: these forms are refused there, or skip
    row-level security."""
    for path in tree.paths(*CPP, ".sql", under="src/"):
        if is_test(path) or path.startswith(("src/sim/", "src/keyd/")):
            continue
        for line, sql in tree.sql(path):
            for match in statements(sql):
                one, at = (
                    match.group(),
                    line
                    + line_of(sql, match.start() + len(match.group()) - len(match.group().lstrip()))
                    - 1,
                )
                if re.search(
                    r"\binsert\s+into\s+(?!pg_temp)\w+\.\w+[^;]*?\bselect\b", one, re.I
                ) and not re.search(r"\bon\s+conflict\b|\breturning\b", one, re.I):
                    yield Finding(
                        "citus", path, at, "INSERT … SELECT needs ON CONFLICT or RETURNING"
                    )
                if re.search(
                    r"\bupdate\s+\w+\.\w+\b.*\b(random|clock_timestamp|gen_random_uuid)\s*\(",
                    one,
                    re.I | re.S,
                ):
                    yield Finding(
                        "citus", path, at, "no volatile function in UPDATE: pass the value"
                    )
                if re.search(r"\bcopy\s+\w+\.\w+[^;]*\bfrom\b", one, re.I):
                    yield Finding(
                        "citus", path, at, "COPY into a temporary table, then INSERT … ON CONFLICT"
                    )


@rule("function-length")
def check_function_length(tree):
    """70 lines fit on a screen: one can see the whole function while changing it. Leaves do,
    parents decide."""
    for path in tree.paths(*CPP):
        for line, length, head in functions(tree.code(path)):
            if length > FUNCTION_LINES_MAX:
                yield Finding(
                    "function-length",
                    path,
                    line,
                    f"{length} lines (≤ {FUNCTION_LINES_MAX}): {head}",
                    length,
                )


def functions(code):
    """(line, length, head) of each function body that is not inside another function."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank_match, code, flags=re.M)
    stack, head, start = [], "", 0
    for match in re.finditer(r"[{};]", code):
        at, char = match.start(), match.group()
        head = head + code[start:at]
        start = at + 1
        inside = any(kind == "function" for kind, _, _ in stack)
        if char == "{":
            kind = "other"
            glued = code[at - 1 : at].isalnum() or code[at - 1 : at] in ("_", ">", "(", "{", ",")
            if not inside and re.search(
                r"(^|[\s;>])(namespace|class|struct|enum|union|extern)\b[^()]*(\([^()]*\)[^()]*)?$",
                head,
            ):
                kind = "container"
            elif (
                not inside
                and not glued
                and ")" in head
                and not re.search(r"=\s*$|\b(return|requires)\s*$", head)
            ):
                kind = "function"
            stack.append((kind, at - len(head.lstrip()), head))
            if kind != "other":
                head = ""
        elif char == "}":
            if stack:
                kind, begin, opened = stack.pop()
                if kind == "function":
                    yield line_of(code, begin), code.count("\n", begin, at) + 1, " ".join(
                        opened.split()
                    )[:60]
                head = "" if kind != "other" else head
        else:
            head = ""


@rule("line-length")
def check_line_length(tree):
    """The formatter keeps C++ at 100 columns; this bounds what it cannot break (SQL, test data)
    and the console's files. An address or a comment on a column stays whole."""
    whole = re.compile(r"https?://|^comment on ", re.I)
    for path in tree.paths(*CPP, *WEB, ".sql", ".py", "dev"):
        if path.endswith("schema.d.ts") or "/dev-mock/" in path:  # made, or made-up data
            continue
        for number, line in enumerate(tree.files[path].split("\n"), 1):
            if len(line) > LINE_COLUMNS_MAX and not whole.search(line):
                yield Finding(
                    "line-length", path, number, f"{len(line)} columns (≤ {LINE_COLUMNS_MAX})"
                )


@rule("file-length")
def check_file_length(tree):
    """Past 600 lines a file has two subjects: split it by noun."""
    for path in tree.paths(*CPP, *WEB, ".sql", ".py", "dev"):
        lines = tree.files[path].count("\n")
        if lines > FILE_LINES_MAX and not path.endswith("schema.d.ts"):
            yield Finding("file-length", path, 1, f"{lines} lines (≤ {FILE_LINES_MAX})", lines)


@rule("file-head")
def check_file_head(tree):
    """Two lines that say what a file is for spare the reader the file."""
    for path in tree.paths(*CPP, under="src/"):
        if not tree.files[path].startswith("//"):
            yield Finding("file-head", path, 1, "begins without a comment that says what it is for")


@rule("migration")
def check_migrations(tree):
    """One sequence of numbers for the whole repository: the order in which a database came to
    be is the same everywhere."""
    sequences = defaultdict(lambda: defaultdict(list))
    for path in tree.paths(".sql", under="src/"):
        if "/schema/" not in path:
            continue
        match = re.match(r"(\d{4})_[a-z0-9_]+\.sql$", posixpath.basename(path))
        if match:
            sequences["keyd" if path.startswith("src/keyd/") else "main"][
                int(match.group(1))
            ].append(path)
        else:
            yield Finding("migration", path, 1, "is not named NNNN_what_it_does.sql")
    for numbers in sequences.values():
        for number, paths in sorted(numbers.items()):
            for path in paths[1:]:
                yield Finding("migration", path, 1, f"number {number:04} is taken by {paths[0]}")
            if number > 1 and number - 1 not in numbers:
                yield Finding("migration", paths[0], 1, f"there is no {number - 1:04}")


@rule("unlisted")
def check_unlisted(tree):
    """A source that no CMakeLists.txt names is not built, and nobody notices."""
    listed = set()
    for place in tree.files:
        if posixpath.basename(place) == "CMakeLists.txt":
            # A name without its ending counts too, for lists that build one program a source.
            for word in re.findall(r"[\w./*-]+", re.sub(r"#.*", "", tree.files[place])):
                # ${CMAKE_SOURCE_DIR}/x is read as /x, a path from the root.
                folder = "" if word.startswith("/") else posixpath.dirname(place)
                listed.add(posixpath.normpath(posixpath.join(folder, word.lstrip("/"))))
    for path in tree.paths(".cpp"):
        built = {path, path[:-4], posixpath.dirname(path) + "/*.cpp"} & listed
        if path.split("/")[0] in ("src", "test", "bench", "fuzz") and not built:
            yield Finding("unlisted", path, 1, "no CMakeLists.txt names it")


@rule("dead-header")
def check_dead_headers(tree):
    """A header that nobody includes is read, kept up and believed for nothing."""
    used = {
        target
        for path in tree.paths(*CPP)
        for _, _, target in includes(tree, path)
        if target != path
    }
    lists = " ".join(tree.files[p] for p in tree.files if p.endswith((".cmake", "CMakeLists.txt")))
    for path in tree.paths(".hpp", under="src/"):
        if path not in used and posixpath.basename(path) not in lists:
            yield Finding("dead-header", path, 1, "nobody includes it")


@rule("readme")
def check_readmes(tree):
    """One page per module tells what it owns, its states and its events: less is a riddle, more
    is not read."""
    units = {
        posixpath.dirname(p) if p.count("/") == 3 else "/".join(p.split("/")[:3])
        for p in tree.paths(*CPP)
        if re.match(r"src/(modules|channel)/[^/]+/", p)
    }
    for folder in sorted(units):
        text = tree.files.get(f"{folder}/README.md")
        if text is None:
            yield Finding("readme", folder, 1, "has no README.md")
        elif text.count("\n") > README_LINES_MAX:
            yield Finding(
                "readme",
                f"{folder}/README.md",
                1,
                f"{text.count(chr(10))} lines (≤ {README_LINES_MAX})",
            )


@rule("title")
def check_titles(tree):
    """A document says in its first line what it is."""
    for path in tree.paths(".md"):
        if not re.match(r"# \S", tree.files[path]):
            yield Finding("title", path, 1, "does not begin with '# Title'")


def leaves(value, prefix=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{prefix}{key}.")
    else:
        yield prefix[:-1]


CODE = re.compile(r'\bErrorCode\s+(\w+)\s*(?:=\s*)?\{\s*[\w:]+\s*,\s*"([a-z0-9_.]+)"')


@rule("error-text")
def check_error_texts(tree):
    """A person reads the text of a code, in their language. A code without one shows them a
    riddle."""
    for language in ("en", "zh-CN"):
        place = f"web/src/locales/{language}/errors.json"
        if place not in tree.files:
            continue
        texts = set(leaves(json.loads(tree.files[place])))
        for path in tree.paths(*CPP, under="src/"):
            for match in CODE.finditer(tree.files[path]):
                if (
                    not path.startswith("src/sim/")
                    and not is_test(path)
                    and match.group(2) not in texts
                ):
                    yield Finding(
                        "error-text",
                        path,
                        line_of(tree.files[path], match.start()),
                        f"'{match.group(2)}' has no text in {place}",
                    )


@rule("dead-error")
def check_dead_errors(tree):
    """A code that nothing returns is a promise of the API that is never kept."""
    words = Counter()
    for path in tree.paths(*CPP, under="src/"):
        words.update(re.findall(r"\w+", tree.code(path)))
    for path in tree.paths(*CPP, under="src/"):
        for match in CODE.finditer(tree.files[path]):
            if words[match.group(1)] < 2 and not is_test(path):
                yield Finding(
                    "dead-error",
                    path,
                    line_of(tree.files[path], match.start()),
                    f"nothing returns '{match.group(1)}'",
                )


@rule("web-zones")
def check_web_zones(tree):
    """shared → features → app, never sideways: a feature can be rewritten without reading
    another."""
    for path in tree.paths(".ts", ".tsx", under="web/src/"):
        own = path.split("/")[2:4]
        for match in re.finditer(r"""(?:from|import)\s*\(?\s*['"]([^'"]+)['"]""", tree.files[path]):
            name = match.group(1)
            target = (
                "web/src/" + name[2:]
                if name.startswith("@/")
                else posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
                if name.startswith(".")
                else ""
            )
            other = target.split("/")[2:4]
            if not other or not target.startswith("web/src/"):
                continue
            sideways = own[0] == "features" and other[0] == "features" and own[1:] != other[1:]
            upwards = (own[0], other[0]) in {
                ("shared", "features"),
                ("shared", "app"),
                ("features", "app"),
            }
            if sideways or upwards:
                yield Finding(
                    "web-zones",
                    path,
                    line_of(tree.files[path], match.start()),
                    f"may not import '{name}'",
                )
