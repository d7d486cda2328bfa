"""What a pickle would run when opened, read off its opcodes. Nothing of it is ever executed.

A pickle is a program for a small stack machine that can call anything importable. Here the
machine is played with words in the place of values: calling ``os.system`` with ``"id"``
leaves the words ``os.system('id')``. This only explains; what may be opened is decided by
torch (``weights_only``), which knows what is harmless.
"""

import pickletools
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

# The program of a file of weights is some hundred bytes for each tensor.
PROGRAM_BYTES = 100_000_000
WORDS = 160
_MARK = object()
# As torch.save wrote before 1.6: a number that says so, then four more pickles.
_LEGACY_PICKLES = 5
# The machine's modules go by other names where people write them.
_SPOKEN = {"posix": "os", "nt": "os", "__builtin__": "builtins", "commands": "subprocess"}


class NotAPickle(Exception):
    """The bytes are no file of torch.save."""


def calls_of(path: Path, allowed: Collection[str]) -> list[str]:
    """What opening the file would call or import beyond ``allowed`` ("module.name"), each once, in order.

    Raises:
        NotAPickle: it is not a file of torch.save, or not whole.
    """
    found: dict[str, None] = {}
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                entries = [entry for entry in archive.infolist() if entry.filename.endswith(".pkl")]
                if not entries or any(entry.file_size > PROGRAM_BYTES for entry in entries):
                    raise NotAPickle("there is no data.pkl of a reasonable size in it")
                for entry in entries:
                    with archive.open(entry) as program:
                        found |= dict.fromkeys(_play(program, allowed))
        else:
            with path.open("rb") as program:
                for _ in range(_LEGACY_PICKLES):
                    found |= dict.fromkeys(_play(program, allowed))
    except (ValueError, IndexError, KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise NotAPickle(str(error)) from error
    return list(found)


def _play(program: IO[bytes], allowed: Collection[str]) -> Iterator[str]:  # noqa: PLR0912, PLR0915 - one machine
    """What one pickle would call. A name that is never called is named too: importing it runs its module."""
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    called: set[str] = set()
    imported: dict[str, str] = {}

    def name(module: Any, attribute: Any) -> str:
        module, attribute = _plain(module), _plain(attribute)
        full = f"{module}.{attribute}"
        spoken = f"{_SPOKEN.get(module, module)}.{attribute}"
        if full not in allowed:
            imported[spoken] = full
        return spoken

    def pop(count: int = 1) -> list[Any]:
        taken = stack[-count:] if count else []
        if len(taken) < count:
            raise ValueError("the stack of its program runs empty")
        del stack[len(stack) - count :]
        return taken

    def pop_to_mark() -> list[Any]:
        at = len(stack) - 1 - next(index for index, value in enumerate(reversed(stack)) if value is _MARK)
        taken = stack[at + 1 :]
        del stack[at:]
        return taken

    for opcode, read, _ in pickletools.genops(program):
        argument: Any = read
        kind = opcode.name
        call: tuple[Any, str] | None = None
        if kind == "MARK":
            stack.append(_MARK)
        elif kind == "GLOBAL":
            stack.append(name(*str(argument).split(" ", 1)))
        elif kind == "STACK_GLOBAL":
            stack.append(name(*pop(2)))
        elif kind == "INST":
            call = name(*str(argument).split(" ", 1)), _words(pop_to_mark())
        elif kind == "OBJ":
            what, *arguments = pop_to_mark()
            call = what, _words(arguments)
        elif kind in ("REDUCE", "NEWOBJ"):
            what, arguments = pop(2)
            call = what, arguments[1:-1] if str(arguments).startswith("(") else str(arguments)
        elif kind == "NEWOBJ_EX":
            what, arguments, named = pop(3)
            call = what, f"*{arguments}, **{named}"
        elif kind in ("BINPUT", "LONG_BINPUT", "PUT"):
            memo[int(argument)] = stack[-1]
        elif kind == "MEMOIZE":
            memo[len(memo)] = stack[-1]
        elif kind in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(memo[int(argument)])
        elif kind.startswith("EXT"):
            stack.append(name("copyreg", f"_extension_registry_{argument}"))
        elif kind in ("TUPLE1", "TUPLE2", "TUPLE3"):
            stack.append(f"({_words(pop(int(kind[-1])))})")
        elif kind == "TUPLE":
            stack.append(f"({_words(pop_to_mark())})")
        elif kind in ("APPEND", "APPENDS"):
            items = pop_to_mark() if kind == "APPENDS" else pop()
            pop()
            stack.append(f"[{_words(items)}]")
        elif kind == "DUP":
            stack.append(stack[-1])
        elif kind == "POP":
            pop()
        elif kind == "POP_MARK":
            pop_to_mark()
        else:
            _any_other(opcode, argument, stack, pop, pop_to_mark)
        if call is not None:
            what, arguments = call
            stack.append(_cut(f"{what}({arguments})"))
            if what in imported or "(" in str(what):
                called.add(str(what))
                yield stack[-1]
    yield from (spoken for spoken in imported if spoken not in called)


def _any_other(opcode: Any, argument: Any, stack: list[Any], pop: Any, pop_to_mark: Any) -> None:
    """An opcode that calls nothing, by what pickletools says it takes from the stack and leaves there."""
    takes = [item.name for item in opcode.stack_before]
    if "mark" in takes:
        pop_to_mark()
        pop(takes.index("mark"))
    else:
        pop(len(takes))
    for item in opcode.stack_after:
        stack.append(repr(argument) if argument is not None else {"None": "None"}.get(item.name, "…"))


def _plain(word: Any) -> str:
    """A text as it is, without the quotes of its words."""
    text = str(word)
    return text[1:-1] if text[:1] in ("'", '"') else text


def _words(values: list[Any]) -> str:
    return _cut(", ".join(_cut(str(value)) for value in values[:20]))


def _cut(text: str) -> str:
    return text if len(text) <= WORDS else f"{text[:WORDS]}…"
