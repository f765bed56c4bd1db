"""`make test`: every check and both runs of the tests; the last lines name what was skipped and why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import postgres

ROOT = Path(__file__).resolve().parent.parent
CODE = ["conference", "workshops", "registration", "scripts"]
BIN = Path(sys.executable).parent
DUMMY_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "conference.settings.production",
    "SECRET_KEY": "not-a-secret-only-long-enough-for-the-check-0123456789-abcdefghij",
    "FIELD_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMDE=",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "ALLOWED_HOSTS": "conference.example",
    "BASE_URL": "https://conference.example",
}
MOST_ONCE_MORE = 3
# One more than there are processors: now and then each waits for a browser, a worker or a mail server.
SIDE_BY_SIDE = str((os.cpu_count() or 1) + 1)
SYSTEM_PACKAGES = {  # what is looked for, and the Debian packages that bring it
    "chromium": ["chromium"],
    "msgfmt": ["gettext"],
    "nginx": ["nginx-light"],
    "pgbouncer": ["pgbouncer"],
    "psql": ["postgresql"],
    "docker-compose": ["docker-compose"],
    "wrk": ["wrk"],
    "libpango-1.0.so.0": ["libpango-1.0-0", "libpangoft2-1.0-0"],
}


@dataclass
class Report:
    """What went wrong and what was left out, in the order it happened."""

    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)

    def write(self) -> int:
        say("")
        for line in self.tests:
            say(line)
        for name in self.failed:
            say(f"FAILED: {name}")
        say("All checks passed." if not self.failed else f"{len(self.failed)} checks failed.")
        for reason in self.skipped or ["nothing"]:
            say(f"skipped: {reason}")
        return 1 if self.failed else 0


def main() -> int:
    os.chdir(ROOT)
    report = Report()
    install_system_packages(report)
    for name, command, extra in checks():
        run_check(report, name, command, extra)
    check_messages(report)
    audit(report)
    run_tests(report, "SQLite", {})
    run_tests_on_postgres(report)
    run_benchmark(report)
    return report.write()


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    python, test = sys.executable, {"DJANGO_SETTINGS_MODULE": "conference.settings.test"}
    return [
        ("ruff", [str(BIN / "ruff"), "check", "."], {}),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "."], {}),
        ("mypy", [str(BIN / "mypy"), *CODE], {}),
        ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"], test),
        ("deployment", [python, "manage.py", "check", "--deploy", "--fail-level=WARNING"], DUMMY_PRODUCTION),
        ("bandit", [str(BIN / "bandit"), "-q", "-r", *CODE, "--severity-level=medium"], {}),
    ]


def run_check(report: Report, name: str, command: list[str], extra: dict[str, str]) -> None:
    heading(name)
    if subprocess.run(command, env={**os.environ, **extra}, check=False).returncode != 0:  # noqa: S603
        report.failed.append(name)


def install_system_packages(report: Report) -> None:
    missing = [name for name in SYSTEM_PACKAGES if not present(name)]
    packages = [package for name in missing for package in SYSTEM_PACKAGES[name]]
    if packages and os.getuid() == 0 and shutil.which("apt-get"):
        heading(f"apt-get install {' '.join(packages)}")
        apt(["update", "-qq"])
        apt(["install", "-y", "-qq", "--no-install-recommends", *packages])
        missing = [name for name in missing if not present(name)]
    for name in missing:
        report.skipped.append(
            f"what needs {name}: it is not installed (Debian: {' '.join(SYSTEM_PACKAGES[name])})"
        )


def apt(arguments: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603, S607


def present(name: str) -> bool:
    if ".so" not in name:
        return shutil.which(name) is not None
    code = f"import ctypes; ctypes.CDLL({name!r})"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0  # noqa: S603


def check_messages(report: Report) -> None:
    if not present("msgfmt"):
        return
    run_check(report, "message catalogues", [sys.executable, "scripts/messages.py", "check"], {})


def audit(report: Report) -> None:
    heading("pip-audit")
    command = [str(BIN / "pip-audit"), "--disable-pip", "--no-deps", "--progress-spinner=off", "--timeout=20"]
    try:
        result = subprocess.run(  # noqa: S603
            [*command, "-r", "requirements.txt"], capture_output=True, text=True, timeout=180, check=False
        )
    except subprocess.TimeoutExpired:
        report.skipped.append("pip-audit: the list of known faults did not answer in time")
        return
    if result.returncode and "known vulnerabilit" in result.stderr + result.stdout:
        say(result.stdout)
        report.failed.append("pip-audit")
    elif result.returncode:
        report.skipped.append("pip-audit: the list of known faults cannot be reached from here")


def run_tests_on_postgres(report: Report) -> None:
    try:
        with postgres.server() as url:
            lint_migrations(report, url)
            run_tests(report, "PostgreSQL", {"TEST_DATABASE_URL": url})
    except postgres.NoServerError as reason:
        if os.environ.get("CI"):
            report.failed.append(f"tests on PostgreSQL: {reason}")
        else:
            report.skipped.append(f"tests on PostgreSQL: {reason}")


def run_benchmark(report: Report) -> None:
    """Its short form, after the tests have ended: it fails only where a ratio is far from what is to be reached."""
    if present("wrk"):
        run_check(report, "benchmark, short form", [sys.executable, "-m", "scripts.bench", "--short"], {})


def lint_migrations(report: Report, url: str) -> None:
    """Only PostgreSQL's own statements show what a migration locks and what it takes away."""
    command = [sys.executable, "scripts/lint_migrations.py"]
    run_check(report, "migrations beside a former version", command, {"TEST_DATABASE_URL": url})


def run_tests(report: Report, database: str, extra: dict[str, str]) -> None:
    heading(f"tests on {database}")
    result_file = ROOT / "var" / "test" / f"{database}.xml"
    result_file.parent.mkdir(parents=True, exist_ok=True)
    result_file.unlink(missing_ok=True)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "conference.settings.test", **extra}
    if not extra:
        environment.pop("TEST_DATABASE_URL", None)
    started = time.monotonic()
    side_by_side = ["-n", SIDE_BY_SIDE, "--dist=loadfile", "--no-loadscope-reorder"]
    code = pytest(environment, *side_by_side, f"--junitxml={result_file}")
    failed = count(report, database, result_file, time.monotonic() - started)
    if code != 0 and not passed_alone(report, database, environment, failed):
        report.failed.append(f"tests on {database}")


def pytest(environment: dict[str, str], *arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


def count(report: Report, database: str, result_file: Path, seconds: float) -> list[str]:
    """Reports the numbers and what was skipped. The tests that failed."""
    suite = read_suite(result_file)
    failed = [str(case.get("name")) for case in suite.iter("testcase") if has(case, "failure", "error")]
    skipped = [case for case in suite.iter("testcase") if has(case, "skipped")]
    passed = int(suite.get("tests", 0)) - len(failed) - len(skipped)
    report.tests.append(
        f"{database}: {passed} passed, {len(failed)} failed, {len(skipped)} skipped in {seconds:.0f} s"
    )
    for case in skipped:
        reason = case.find("skipped")
        report.skipped.append(
            f"{case.get('name')} on {database}: {'' if reason is None else reason.get('message')}"
        )
    return failed


def passed_alone(report: Report, database: str, environment: dict[str, str], failed: list[str]) -> bool:
    """A browser that gets no processor for long gives up waiting: what failed in one runs once more, by itself.

    The report names it. What fails elsewhere may be a race of the product and stays a failure, and so do many.
    """
    if not 0 < len(failed) <= MOST_ONCE_MORE:
        return False
    heading(f"once more, in the browser alone, on {database}")
    result_file = ROOT / "var" / "test" / f"{database}-again.xml"
    result_file.unlink(missing_ok=True)
    code = pytest(environment, "--last-failed", "-m", "browser", "-n", "0", f"--junitxml={result_file}")
    again = [str(case.get("name")) for case in read_suite(result_file).iter("testcase")]
    if code != 0 or sorted(again) != sorted(failed):
        return False
    report.tests.append(f"{database}: failed beside others, passed alone: {', '.join(again)}")
    return True


def read_suite(result_file: Path) -> ET.Element:
    """What pytest has written about its run; empty if it was ended before that."""
    if not result_file.exists():
        return ET.Element("testsuite")
    suite = ET.parse(result_file).getroot().find("testsuite")  # noqa: S314 (our own file)  # nosec B314
    return ET.Element("testsuite") if suite is None else suite


def has(case: ET.Element, *names: str) -> bool:
    return any(case.find(name) is not None for name in names)


def heading(text: str) -> None:
    say(f"== {text}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
