#!/usr/bin/env python3
"""The month that `usage --month` counts, beside what boto3 counts and what the emulator wrote down.

    python3 -m venv venv && venv/bin/pip install boto3 awscli
    venv/bin/python tests/oracle/month.py target/debug/invalidash

Starts an emulator with its 14 distributions, their tenants and their history; boto3, the AWS CLI and `invalidash create`
make invalidations of them; the month is counted, stopped twice with a signal that nothing can catch, and counted to its end.
Exits 1 if a figure differs or anything was asked twice.
"""

import datetime
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
from botocore.config import Config

PROGRAM = pathlib.Path(sys.argv[1]).absolute()
MONTH = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m")
HOME = tempfile.mkdtemp(prefix="month-")
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": HOME, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_EC2_METADATA_DISABLED": "true",
}
# What is made each time; half of it for tenants where the client knows them.
ROUNDS = 8
TENANTS = 3
chance = random.Random(20261128)
failed = 0


def equal(name, got, wanted):
    global failed
    failed += got != wanted
    print(f"{'ok  ' if got == wanted else 'FAIL'} {name}: {got}{'' if got == wanted else f', wanted {wanted}'}", flush=True)


def steer(path, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{base}/_emulator{path}", data=data, method=method)) as answer:
        return json.load(answer)


def paths():
    return [f"/shop/{chance.randrange(10**6)}" + chance.choice(["", ".html", "/*"]) for _ in range(chance.randint(1, 9))]


def ours(*words, **more):
    command = [PROGRAM, "--endpoint-url", base, *words]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, **more)


def make_with_boto(target):
    batch = {"Paths": {"Items": (items := paths()), "Quantity": len(items)}, "CallerReference": f"deploy-{chance.random()}"}
    if target.startswith("dt_"):
        client.create_invalidation_for_distribution_tenant(Id=target, InvalidationBatch=batch)
    else:
        client.create_invalidation(DistributionId=target, InvalidationBatch=batch)


def make_with_cli(target):
    words = ["aws", "--endpoint-url", base, "cloudfront"]
    if target.startswith("dt_"):
        batch = json.dumps({"Paths": {"Items": (items := paths()), "Quantity": len(items)}, "CallerReference": f"cli-{chance.random()}"})
        words += ["create-invalidation-for-distribution-tenant", "--id", target, "--invalidation-batch", batch]
    else:
        words += ["create-invalidation", "--distribution-id", target, "--paths", *paths()]
    subprocess.run(words, env=ENVIRONMENT, check=True, capture_output=True)


def make_with_ours(target):
    done = ours("create", "--distribution", target, *paths())
    assert done.returncode == 0, done.stderr


def counted_by_boto():
    """Every batch of this month, read one by one."""
    total = {}
    for page in client.get_paginator("list_distributions").paginate():
        for one in page["DistributionList"].get("Items", []):
            for answer in client.get_paginator("list_invalidations").paginate(DistributionId=one["Id"]):
                for row in answer["InvalidationList"].get("Items", []):
                    if row["CreateTime"].strftime("%Y-%m") == MONTH:
                        batch = client.get_invalidation(DistributionId=one["Id"], Id=row["Id"])["Invalidation"]["InvalidationBatch"]
                        total.setdefault(one["Id"], []).append(batch["Paths"]["Quantity"])
    for one in tenants_of_boto():
        rows, marker = [], None
        while True:
            more = {"Marker": marker} if marker else {}
            answer = client.list_invalidations_for_distribution_tenant(Id=one, **more)["InvalidationList"]
            rows += answer.get("Items", [])
            if not answer["IsTruncated"]:
                break
            marker = answer["NextMarker"]
        for row in rows:
            if row["CreateTime"].strftime("%Y-%m") == MONTH:
                batch = client.get_invalidation_for_distribution_tenant(DistributionTenantId=one, Id=row["Id"])["Invalidation"]["InvalidationBatch"]
                total.setdefault(one, []).append(batch["Paths"]["Quantity"])
    return total


def tenants_of_boto():
    found, marker = [], None
    while True:
        answer = client.list_distribution_tenants(**({"Marker": marker} if marker else {}))
        found += [one["Id"] for one in answer.get("DistributionTenantList", [])]
        marker = answer.get("NextMarker")
        if not marker:
            return found


def reads():
    operations = steer("/received")["operations"]
    return sum(count for name, count in operations.items() if name.startswith("GetInvalidation"))


def count_until_killed(after):
    """Counts, and is killed once so many batches were read."""
    before = reads()
    running = subprocess.Popen([PROGRAM, "--endpoint-url", base, "usage", "--month"], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None and reads() < before + after:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    equal("stopped before it had read everything", running.returncode, -signal.SIGKILL)


server = subprocess.Popen([PROGRAM, "emulator", "--port", "0", "--distributions", "14", "--completion-delay", "1"], stdout=subprocess.PIPE, text=True)
try:
    base = server.stdout.readline().split()[-1]
    ENVIRONMENT["AWS_ENDPOINT_URL"] = base
    session = boto3.Session(ENVIRONMENT["AWS_ACCESS_KEY_ID"], ENVIRONMENT["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1")
    client = session.client("cloudfront", endpoint_url=base, config=Config(retries={"total_max_attempts": 1}))

    kinds = {one["Id"]: one.get("ConnectionMode") for page in client.get_paginator("list_distributions").paginate() for one in page["DistributionList"]["Items"]}
    equal("distributions", len(kinds), 14)
    standard = sorted(target for target, mode in kinds.items() if mode != "tenant-only")
    tenants = sorted(tenants_of_boto())[:TENANTS]
    for turn in range(ROUNDS):
        for make in (make_with_boto, make_with_cli, make_with_ours):
            make(chance.choice(standard))
            make(tenants[turn % TENANTS])

    by_boto = counted_by_boto()
    log = steer("/received")["creations"]
    equal("invalidations that the three clients made", len(log), ROUNDS * 6)
    wanted_paths = sum(map(sum, by_boto.values()))
    wanted_rows = sum(map(len, by_boto.values()))

    # Slow enough to be stopped in between.
    steer("/settings", {"latency_ms": 20})
    start = reads()
    count_until_killed(wanted_rows // 3)
    count_until_killed(wanted_rows // 3)
    done = ours("usage", "--month", "--output", "json")
    equal("exit code", done.returncode, 0)
    month = json.loads(done.stdout)
    equal("counted to its end, every batch", (month["ended"], month["exact"]), (True, True))
    equal("paths of the month, as boto3 counts them", month["paths"], wanted_paths)
    equal("invalidations of the month", month["invalidations"], wanted_rows)
    got = {one["target"]: (one["invalidations"], one["paths"]) for one in month["targets"] if one["invalidations"]}
    equal("the same of each target", got, {target: (len(found), sum(found)) for target, found in by_boto.items()})
    # Two reads that a kill cut off after they were sent are asked again: one each.
    again = reads() - start - wanted_rows
    equal("batches that were asked twice, but for the one that each kill cut off", max(0, again - 2), 0)
    print(f"     {wanted_rows} batches, {reads() - start} reads, {wanted_paths} paths")
finally:
    server.kill()
print("all held" if not failed else f"{failed} failed")
sys.exit(1 if failed else 0)
