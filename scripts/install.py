"""Makes `.venv`, installs a requirements file into it if it changed, then becomes the command that follows.

    python3 scripts/install.py requirements-demo.txt -m conference.start

Runs on the system's Python with nothing installed: standard library only.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
PIP_FOR_OTHERS = (22, 3)
MOST_PIPS = 4
# What draws, reads or exports documents, reports errors or knows holidays: compiled when it is first needed.
NOT_AT_THE_START = r"/(anymail|docx|fontTools|holidays|openpyxl|pdfminer|PIL|sentry_sdk|valkey|weasyprint)/"
PIP_OPTIONS = (
    "--no-deps",
    "--quiet",
    "--no-input",
    "--disable-pip-version-check",
    "--no-warn-script-location",
    "--no-compile",
)


def main(requirements: str, *command: str) -> None:
    if sys.version_info < OLDEST:
        raise SystemExit("Köprü needs Python 3.11 or newer; this one is {}.{}.".format(*sys.version_info[:2]))
    os.chdir(ROOT)
    install(Path(requirements))
    if command:
        os.execv(PYTHON, [str(PYTHON), *command])  # noqa: S606


def install(requirements: Path) -> None:
    make_venv()
    stamp = VENV / f"{requirements.stem}.sha256"
    wanted = fingerprint(requirements)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Installing Python packages (once; again only when the list changes) …")
    pip_install(requirements)
    stamp.write_text(wanted)


def fingerprint(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()


def make_venv() -> None:
    """Without a pip of its own, which takes three seconds: see `pips`."""
    if PYTHON.exists() and run(str(PYTHON), "-c", "").returncode == 0:
        return
    say("Making the virtual environment .venv …")
    result = run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV))
    if result.returncode != 0:
        raise SystemExit(f"Making .venv failed: {last_line(result)}")


def pip_install(requirements: Path) -> None:
    lines = requirements.read_text().splitlines()
    pinned = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    reasons = []
    # One by itself after several: whatever made them fail beside each other is no reason to give up.
    for pip, most in ((pip, most) for pip in pips() for most in (MOST_PIPS, 1)):
        reason = install_side_by_side(pip, pinned, most=most)
        if not reason:
            break
        reasons.append(reason)
    else:
        raise SystemExit(f"Installing {requirements} failed: {reasons[0]}")
    # With all processors, where pip uses one. A package may hold files that no Python reads; that does no harm.
    run(str(PYTHON), "-m", "compileall", "-q", "-j", "0", "-x", NOT_AT_THE_START, str(VENV / "lib"))


def pips() -> "Iterator[list[str]]":
    """Those that can install into .venv: that of the Python we run on, and one made in there."""
    if has_pip():
        yield [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    own = [str(PYTHON), "-m", "pip"]
    if run(*own, "--version").returncode == 0 or run(str(PYTHON), "-m", "ensurepip").returncode == 0:
        yield own
    elif not has_pip():
        raise SystemExit(
            "There is no pip to install Python packages with. (On Debian: apt-get install python3-venv.)"
        )


def has_pip() -> bool:
    """One that can install into another environment."""
    try:
        first, second = version("pip").split(".")[:2]
        return (int(first), int(second)) >= PIP_FOR_OTHERS
    except (PackageNotFoundError, ValueError):
        return False


def install_side_by_side(pip: "list[str]", pinned: "list[str]", *, most: int) -> str:
    """Several pips at once, as each uses one processor and waits for the index; why one failed, or nothing.

    Every package is pinned and none asks for others, so none of them needs to know what the others install.
    """
    count = min(len(pinned), most, max(2, os.cpu_count() or 1))
    parts = [pinned[number::count] for number in range(count)]
    with ThreadPoolExecutor(max(1, count)) as pool:
        results = list(pool.map(lambda part: run(*pip, "install", *PIP_OPTIONS, *part), parts))
    return next((last_line(result) for result in results if result.returncode != 0), "")


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603


def last_line(result: "subprocess.CompletedProcess[str]") -> str:
    lines = [line.strip() for line in (result.stderr or result.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no reason given"])[-1]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except OSError as error:
        raise SystemExit(f"The set-up failed: {error}") from None
