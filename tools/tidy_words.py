"""Words that are banned, where, and what to write instead. One rule for each name in the table."""
import re

from tidy_tree import CPP, RULES, WEB, Finding, line_of

# platform/migrate and pgserver read the catalog, and lint looks for some of these words itself.
# rule, what is read (code, sql, text), pattern, where, where not, what instead
BANNED = [
    (
        "clock",
        "code",
        r"\bsystem_clock::now\b|\bgettimeofday\b|\bclock_gettime\b|\bstd::time\(|\btime\(nullptr\)",
        r"^src/",
        # The guard holds the machine's uptime and the database's clock against the Context's Clock.
        r"^src/platform/runtime|^src/sim/|^src/vault/clock_guard\.cpp$|test\.cpp$",
        "take the time from the Context's Clock",
    ),
    (
        "clock",
        "sql",
        r"\bnow\(\)|\bcurrent_(timestamp|date|time)\b|\b(clock|statement|transaction)_timestamp\(",
        r"^src/(modules|channel|vault)/",
        r"^src/vault/clock_guard\.cpp$|test\.cpp$",
        "pass the time as a parameter",
    ),
    (
        "random",
        "code",
        r"\bstd::rand\b|\bsrand\(|(?<![\w:.>])rand\(\)",
        r"^src/",
        r"^$",
        "platform/crypto, or a seeded generator",
    ),
    (
        "float",
        "code",
        r"\b(double|float)\b",
        r"^src/(modules/(finance|stock|orders|insight)/|base/(money|decimal|quantity|rate))",
        r"forecast",
        "Money, Decimal or Quantity: amounts are exact",
    ),
    (
        "select-star",
        "sql",
        r"\bselect\s+(distinct\s+)?(\w+\.)?\*",
        r"^src/",
        r"^src/platform/(migrate|pgserver)/",
        "name the columns",
    ),
    (
        "detached",
        "code",
        r"\bdetached\b",
        r"^src/",
        r"^src/platform/runtime|^src/sim/server\.cpp$|test\.cpp$",
        "spawn in a task_group: shutdown waits for it",
    ),
    (
        "todo",
        "text",
        r"\b(TODO|FIXME|HACK)\b|\bXXX:",
        r"\.(cpp|hpp|ts|tsx|mjs|sql|py|cmake)$|CMakeLists\.txt$|^dev$",
        r"^tools/tidy_words\.py$",
        "do it now, or open an issue and say nothing here",
    ),
    (
        "tenant-setting",
        "text",
        r"\bset_config\(",
        r"^src/",
        r"^src/platform/migrate/lint",
        "SET LOCAL app.tenant as its own message",
    ),
    (
        "citus-words",
        "sql",
        r"\bmerge\s+into\b",
        r"^src/",
        r"^src/(sim|keyd)/",
        "INSERT … ON CONFLICT",
    ),
    (
        "citus-words",
        "sql",
        r"\bset\s+constraints\b",
        r"^src/",
        r"^src/(sim|keyd)/",
        "INITIALLY DEFERRED in the schema",
    ),
    (
        "rls",
        "sql",
        r"\bsecurity\s+definer\b|\bmaterialized\s+view\b|\bbypassrls\b",
        r"^src/(modules|channel|vault)/",
        r"test\.cpp$",
        "neither obeys row-level security",
    ),
    (
        "namespace-std",
        "code",
        r"\busing\s+namespace\s+std\s*;",
        r"^(src|test|bench|fuzz)/",
        r"^$",
        "write std::",
    ),
    (
        "empty-name",
        "code",
        r"\b(class|struct)\s+\w+(Manager|Helper|Util|Utils|Impl)\b",
        r"^src/",
        r"^$",
        "name it for what it decides or holds",
    ),
    (
        "web-clock",
        "code",
        r"\bnew Date\(\s*\)|\bDate\.now\(",
        r"^web/src/",
        r"^web/src/shared/clock\.ts$",
        "shared/clock.ts",
    ),
    (
        "web-any",
        "code",
        r"[:<,|&]\s*any\b(?!\s*:)|\bas any\b|\bany\[\]",
        r"^web/src/.*\.tsx?$",
        r"schema\.d\.ts$",
        "a type, or unknown and a check",
    ),
    (
        "web-any",
        "text",
        r"@ts-(ignore|nocheck)|eslint-disable",
        r"^web/src/",
        r"schema\.d\.ts$",
        "mend what it complains of",
    ),
    ("web-then", "code", r"^(?!.*\bimport\().*\.then\(", r"^web/src/", r"^$", "await"),
]


def banned(name):
    def check(tree):
        for rule_name, reading, pattern, where, but_not, instead in BANNED:
            if rule_name != name:
                continue
            flags = re.I | re.S if reading == "sql" else re.M
            for path in tree.files:
                if not re.search(where, path) or re.search(but_not, path):
                    continue
                if reading == "sql":
                    texts = tree.sql(path) if path.endswith(CPP + (".sql",)) else []
                elif reading == "code":
                    texts = [(1, tree.code(path))] if path.endswith(CPP + WEB) else []
                else:
                    texts = [(1, tree.files[path])]
                for line, text in texts:
                    for match in re.finditer(pattern, text, flags):
                        words = " ".join(match.group().split())
                        yield Finding(
                            name,
                            path,
                            line + line_of(text, match.start()) - 1,
                            f"'{words}': instead: {instead}",
                        )

    check.__doc__ = "Banned words; instead: " + "; ".join(
        row[5] for row in BANNED if row[0] == name
    )
    return check


for banned_name in dict.fromkeys(row[0] for row in BANNED):
    RULES[banned_name] = banned(banned_name)
