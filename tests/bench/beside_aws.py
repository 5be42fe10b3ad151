#!/usr/bin/env python3
"""Measures the commands beside the AWS CLI, one after the other in one run, against the emulator on this machine.

    cargo build --release --locked
    python3 tests/bench/beside_aws.py target/release/invalidash

It prints the median and the best wall time, the median processor time (user and system) and the largest resident memory of each, and
the ratios. On a machine that does other things, too, the best wall time and the processor time say more than the median. It needs
Python 3.9, GNU time (for the memory: what a process of Python starts begins with the memory of Python) and the AWS CLI.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 15


class Emulator:
    """An emulator of CloudFront in a process of its own, which answers at once."""

    def __init__(self, program, *arguments):
        command = [program, "emulator", "--port", "0", "--completion-delay", "0", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def surroundings(home, url):
    """Keys that any emulator takes, and nothing of this machine's."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYENV_ROOT", "LANG")}
    return kept | {
        "HOME": home,
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_STATE_HOME": f"{home}/state",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "SECRET",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }


def once(command, environment):
    """Wall and processor time in seconds, and memory in MiB, of one run."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command[:6])}: {said.decode(errors='replace')}")
    return wall, used.ru_utime + used.ru_stime


def memory(command, environment):
    """The largest resident memory in MiB."""
    with tempfile.NamedTemporaryFile("r") as told:
        timed = ["/usr/bin/time", "-f", "%M", "-o", told.name, *command]
        subprocess.run(timed, env=environment, stdout=subprocess.DEVNULL, check=True)
        return int(told.read().split()[-1]) / 1024


def median(command, environment, runs=RUNS):
    """The middle of several runs; `{run}` in a word is the number of the run, so that no two ask for the same."""
    numbered = lambda run: [word.replace("{run}", str(run)) for word in command]
    most = memory(numbered("memory"), environment)
    walls, processor = zip(*(once(numbered(run), environment) for run in range(runs)))
    return statistics.median(walls), min(walls), statistics.median(processor), most


def row(name, figures):
    wall, best, cpu, most = figures
    print(f"{name:<44} {wall * 1000:>9.1f} {best * 1000:>9.1f} {cpu * 1000:>9.1f} {most:>9.1f}")


def beside(name, ours, theirs, environment):
    own, other = median(ours, environment), median(theirs, environment)
    row(f"invalidash {name}", own)
    row(f"aws {theirs[2]}", other)
    ratios = ("1/%.1f" % (their / our) for their, our in zip(other, own))
    print(f"{'  ratio':<44} " + " ".join(f"{ratio:>9}" for ratio in ratios))


def main():
    if len(sys.argv) != 2 or shutil.which("aws") is None:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    print(f"{'median of ' + str(RUNS):<44} {'wall ms':>9} {'best ms':>9} {'cpu ms':>9} {'MiB':>9}")
    with tempfile.TemporaryDirectory() as home:
        with Emulator(program, "--distributions", "100") as emulator:
            environment = surroundings(home, emulator.url)
            listed = [program, "distributions", "--output", "json"]
            beside("distributions, 100", listed, ["aws", "cloudfront", "list-distributions"], environment)
            text = subprocess.run(listed[:2] + ["--output", "text"], env=environment, capture_output=True, text=True)
            target = next(line.split("\t")[0] for line in text.stdout.splitlines() if "\tstandard\t" in line)
            ours = [program, "create", "--distribution", target, "/{run}.html", "--yes", "--output", "json"]
            theirs = ["aws", "cloudfront", "create-invalidation", "--distribution-id", target, "--paths", "/{run}-aws.html"]
            beside("create", ours, theirs, environment)
        row("invalidash check, 1 path", median([program, "check", "/index.html"], environment))
        paths = os.path.join(home, "paths.txt")
        with open(paths, "w", encoding="utf-8") as file:
            file.writelines(f"/images/{number // 100}/{number}.jpg\n" for number in range(100_000))
        row("invalidash check, 100,000 lines", median([program, "check", "--paths-from", paths], environment))
        row("aws --version", median(["aws", "--version"], environment))


if __name__ == "__main__":
    main()
