"""Makes `.venv`, installs a requirements file into it if it changed, then becomes the command that follows.

    python3 scripts/install.py requirements-demo.txt -m conference.start

Runs on the system's Python with nothing installed: standard library only.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


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
    if works("import pip"):
        return
    say("Making the virtual environment .venv …")
    result = run(sys.executable, "-m", "venv", "--clear", str(VENV))
    if result.returncode != 0 and not with_the_systems_pip():
        raise SystemExit(
            f"Making .venv failed: {last_line(result)} (On Debian: apt-get install python3-venv.)"
        )


def with_the_systems_pip() -> bool:
    """Debian keeps ensurepip in a package of its own; where there is a pip, it can install itself."""
    run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV))
    return run(sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "-q", "pip").returncode == 0


def works(code: str) -> bool:
    return PYTHON.exists() and run(str(PYTHON), "-c", code).returncode == 0


def pip_install(requirements: Path) -> None:
    options = [
        "--no-deps",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--no-warn-script-location",
        "--no-compile",
    ]
    result = run(str(PYTHON), "-m", "pip", "install", *options, "-r", str(requirements))
    if result.returncode != 0:
        raise SystemExit(f"Installing {requirements} failed: {last_line(result)}")
    # With all processors, where pip uses one. A package may hold files that no Python reads; that does no harm.
    run(str(PYTHON), "-m", "compileall", "-q", "-j", "0", str(VENV / "lib"))


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
