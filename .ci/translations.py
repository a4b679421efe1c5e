"""The site's words in Chinese: python .ci/translations.py update | check | compile

update   bring bookings/locale up to date with the sources; new words wait there, untranslated
check    fail where a word is missing, left over, untranslated, fuzzy, or its placeholders differ
compile  write the .mo file that Django reads (not committed)

Babel does it, in place of makemessages, which needs the gettext programs on the machine.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "bookings" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")
HEADER = "# The Youth Station in Chinese. `make messages` brings it up to date.\n"


def sources() -> Iterator[tuple[str, bytes]]:
    for folder in ("bookings", "station"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_bytes()
    templates = ROOT / "templates"
    for path in sorted([*templates.rglob("*.html"), *templates.rglob("*.txt")]):
        text = templatize(path.read_text())
        # what is left is calls of gettext between blanked-out words; indents mean nothing
        lines = (line.lstrip() for line in text.splitlines())
        yield str(path.relative_to(ROOT)), "\n".join(lines).encode()


def extracted() -> Catalog:
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for name, source in sources():
        for _, words, _, context in extract("python", BytesIO(source), KEYWORDS):
            catalog.add(words, locations=[(name, 0)], context=context)
    return catalog


def known() -> Catalog:
    if not PO.exists():
        return Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False)
    return read_po(PO.open("rb"), locale="zh_Hans")


def update() -> None:
    catalog = known()
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.project, catalog.version = "Youth Station", "1"
    catalog.header_comment, catalog.fuzzy = HEADER, False
    PO.parent.mkdir(parents=True, exist_ok=True)
    file = BytesIO()
    write_po(file, catalog, width=96, sort_by_file=True, include_lineno=False, omit_header=False)
    # dates would make every run a change; nobody's address is in it
    dull = r'"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator|Language-Team):.*\n'
    text = re.sub(dull, "", file.getvalue().decode())
    PO.write_text(text)


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _wrong(message: Message) -> str | None:
    told = _texts(message.string)
    if not all(told):
        return "has no translation"
    if message.fuzzy:
        return "is fuzzy"
    wanted = set(PLACEHOLDER.findall(_texts(message.id)[-1]))
    if any(set(PLACEHOLDER.findall(text)) != wanted for text in told):
        return "has other placeholders in its translation"
    return None


def check() -> int:
    have = {(m.context, _texts(m.id)): m for m in known() if m.id}
    need = {(m.context, _texts(m.id)) for m in extracted() if m.id}
    problems = [f"{key[1][0]!r} is missing: make messages" for key in need - have.keys()]
    problems += [f"{key[1][0]!r} is left over: make messages" for key in have.keys() - need]
    problems += [f"{k[1][0]!r} {_wrong(m)}" for k, m in have.items() if k in need and _wrong(m)]
    for problem in sorted(problems):
        print(problem, file=sys.stderr)
    print(f"{len(need)} texts, {len(problems)} problems")
    return bool(problems)


def compile_() -> None:
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, known())


if __name__ == "__main__":
    sys.exit({"update": update, "check": check, "compile": compile_}[sys.argv[1]]())
