#!/usr/bin/env python3
"""Independent judges of the emulator: botocore's service model, boto3 and the AWS CLI.

    python3 -m venv venv && venv/bin/pip install boto3 awscli
    invalidash emulator --port 4566 &
    venv/bin/python tests/oracle/emulator.py http://127.0.0.1:4566

Prints one line per check and exits 1 if any failed. The emulator must be a fresh one; its settings and faults are
changed on the way and put back at the end.
"""

import datetime
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
import xml.etree.ElementTree as ElementTree

import boto3
import botocore.parsers
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError
from botocore.validate import ParamValidator

BASE = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:4566"
API = BASE + "/2020-05-31"
MODEL = botocore.session.Session().get_service_model("cloudfront")
NAMESPACE = "{http://cloudfront.amazonaws.com/doc/2020-05-31/}"
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ENDPOINT_URL": BASE, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_PAGER": "",
    "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true",
}
os.environ.update({key: value for key, value in ENVIRONMENT.items() if key != "HOME"})
CLIENT = boto3.client("cloudfront", endpoint_url=BASE, region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}))
failed = 0


def check(name, good, note=""):
    global failed
    failed += not good
    print(f"{'ok  ' if good else 'FAIL'} {name}{'' if good else '   ' + str(note)[:1500]}", flush=True)


def equal(name, got, wanted):
    check(name, got == wanted, f"got {got!r}, wanted {wanted!r}")


def http(method, path, body=None, base=API):
    data = body.encode() if isinstance(body, str) else body
    request = urllib.request.Request(base + path, data=data, method=method, headers={"Content-Type": "application/xml"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, dict(answer.headers), answer.read()


def steer(path, value=None, method=None):
    body = None if value is None else json.dumps(value)
    status, _, answer = http(method or ("GET" if value is None else "POST"), path, body, BASE + "/_emulator")
    assert status == 200, answer
    return json.loads(answer)


def batch(*paths, reference=None, quantity=None):
    quantity = len(paths) if quantity is None else quantity
    return {"Paths": {"Quantity": quantity, "Items": list(paths)}, "CallerReference": reference or str(uuid.uuid4())}


# --- the model ---------------------------------------------------------------------------------------------------

def unknown_elements(element, shape, where):
    """Names of elements that the model does not know: its parser drops them silently."""
    if shape.type_name == "structure":
        known = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for child in element:
            name = child.tag.removeprefix(NAMESPACE)
            if not child.tag.startswith(NAMESPACE):
                yield f"{where}/{child.tag} (namespace)"
            elif name not in known:
                yield f"{where}/{name}"
            else:
                yield from unknown_elements(child, known[name], f"{where}/{name}")
    elif shape.type_name == "list":
        wanted = shape.member.serialization.get("name", "member")
        for child in element:
            if child.tag != NAMESPACE + wanted:
                yield f"{where}/{child.tag} (wanted {wanted})"
            yield from unknown_elements(child, shape.member, f"{where}/{wanted}")


def conforms(operation, method, path, body=None):
    """Holds a reply against the model: status, required and unknown members, root element."""
    shape = MODEL.operation_model(operation).output_shape
    status, headers, reply = http(method, path, body)
    equal(f"model: {operation} status", status, MODEL.operation_model(operation).http["responseCode"])
    parser = botocore.parsers.create_parser("rest-xml")
    parsed = parser.parse({"headers": headers, "body": reply, "status_code": status}, shape)
    parsed.pop("ResponseMetadata")
    report = ParamValidator().validate(parsed, shape)
    check(f"model: {operation} members", not report.has_errors(), report.generate_report())
    root = ElementTree.fromstring(reply)
    payload = shape.serialization.get("payload")
    inner = shape.members[payload] if payload else shape
    equal(f"model: {operation} root", root.tag, NAMESPACE + inner.name)
    equal(f"model: {operation} unknown elements", list(unknown_elements(root, inner, inner.name)), [])
    return parsed, headers


def judge_replies(distribution, tenanted):
    everything, _ = conforms("ListDistributions", "GET", "/distribution")
    for one in everything["DistributionList"]["Items"]:
        whole, headers = conforms("GetDistribution", "GET", f"/distribution/{one['Id']}")
        equal("the ETag of the list is that of the distribution", headers["etag"], one["ETag"])
        conforms("GetDistributionConfig", "GET", f"/distribution/{one['Id']}/config")
    xml = "<InvalidationBatch xmlns='http://cloudfront.amazonaws.com/doc/2020-05-31/'><CallerReference>{}</CallerReference>" \
          "<Paths><Items><Path>/a</Path><Path>/b</Path><Path>#t</Path></Items><Quantity>3</Quantity></Paths></InvalidationBatch>"
    made, headers = conforms("CreateInvalidation", "POST", f"/distribution/{distribution}/invalidation", xml.format("model-1"))
    identity = made["Invalidation"]["Id"]
    equal("Location", headers["location"], f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{distribution}/invalidation/{identity}")
    items = made["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]
    check("items come back in another order", items != ["/a", "/b", "#t"] and sorted(items) == ["#t", "/a", "/b"], items)
    conforms("GetInvalidation", "GET", f"/distribution/{distribution}/invalidation/{identity}")
    conforms("ListInvalidations", "GET", f"/distribution/{distribution}/invalidation?MaxItems=1")
    empty, _ = conforms("ListInvalidations", "GET", f"/distribution/{tenanted}/invalidation")
    check("an empty list has no Items", "Items" not in empty["InvalidationList"], empty)
    wish = "<ListDistributionTenantsRequest xmlns='http://cloudfront.amazonaws.com/doc/2020-05-31/'><MaxItems>3</MaxItems></ListDistributionTenantsRequest>"
    tenants, _ = conforms("ListDistributionTenants", "POST", "/distribution-tenants", wish)
    tenant = tenants["DistributionTenantList"][0]
    conforms("GetDistributionTenant", "GET", f"/distribution-tenant/{tenant['Id']}")
    conforms("GetDistributionTenantByDomain", "GET", f"/distribution-tenant?domain={tenant['Domains'][0]['Domain']}")
    made, _ = conforms("CreateInvalidationForDistributionTenant", "POST", f"/distribution-tenant/{tenant['Id']}/invalidation", xml.format("model-2"))
    identity = made["Invalidation"]["Id"]
    check("a tenant's invalidation id is longer", len(identity) in (25, 26), identity)
    conforms("GetInvalidationForDistributionTenant", "GET", f"/distribution-tenant/{tenant['Id']}/invalidation/{identity}")
    conforms("ListInvalidationsForDistributionTenant", "GET", f"/distribution-tenant/{tenant['Id']}/invalidation")


# --- errors ------------------------------------------------------------------------------------------------------

def refused(name, call, code, status=None):
    """Status as the model declares it for the code, unless the model does not know the code."""
    if status is None:
        status = MODEL.shape_for(code).metadata["error"]["httpStatusCode"]
    try:
        call()
        check(name, False, "was not refused")
    except ClientError as error:
        answer = error.response
        got = (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"].get("Type"))
        equal(name, got, (code, status, "Sender" if status < 500 else "Receiver"))
        sent = answer["ResponseMetadata"]
        check(f"{name}: request id in header", bool(sent["HTTPHeaders"].get("x-amzn-requestid")), sent)


def raw_refused(name, path, body, code, status):
    got, _, reply = http("POST", path, body)
    root = ElementTree.fromstring(reply)
    equal(name, (got, root.findtext(f".//{NAMESPACE}Code")), (status, code))
    check(f"{name}: request id in body", bool(root.findtext(f"{NAMESPACE}RequestId")), reply)


def judge_errors(distribution, tenant):
    create = lambda *paths, **more: CLIENT.create_invalidation(DistributionId=distribution, InvalidationBatch=batch(*paths, **more))
    refused("create on no distribution", lambda: CLIENT.create_invalidation(DistributionId="E0", InvalidationBatch=batch("/a")), "NoSuchDistribution")
    refused("get of no distribution", lambda: CLIENT.get_distribution(Id="E0"), "NoSuchDistribution")
    refused("config of no distribution", lambda: CLIENT.get_distribution_config(Id="E0"), "NoSuchDistribution")
    refused("list of no distribution", lambda: CLIENT.list_invalidations(DistributionId="E0"), "NoSuchDistribution")
    refused("get of no invalidation", lambda: CLIENT.get_invalidation(DistributionId=distribution, Id="I0"), "NoSuchInvalidation")
    refused("no tenant", lambda: CLIENT.get_distribution_tenant(Identifier="dt_0"), "EntityNotFound")
    refused("create on no tenant", lambda: CLIENT.create_invalidation_for_distribution_tenant(Id="dt_0", InvalidationBatch=batch("/a")), "EntityNotFound")
    refused("list of no tenant", lambda: CLIENT.list_invalidations_for_distribution_tenant(Id="dt_0"), "EntityNotFound")
    refused("get of no invalidation of a tenant", lambda: CLIENT.get_invalidation_for_distribution_tenant(DistributionTenantId=tenant, Id="I0"), "NoSuchInvalidation")
    for path in ["a", "*", "/a*b", "/a b", "/café", "/a~b", "/[x]", "/100%", "/" + "a" * 4000, "#", "#a b", "#" + "t" * 257]:
        refused(f"path {path[:12]!r}", lambda path=path: create("/good", path), "InvalidArgument")
    refused("quantity", lambda: create("/a", quantity=2), "InconsistentQuantities")
    refused("empty batch", lambda: create(), "InvalidArgument")
    refused("page of none", lambda: CLIENT.list_invalidations(DistributionId=distribution, MaxItems="0"), "InvalidArgument")
    refused("bad marker", lambda: CLIENT.list_invalidations(DistributionId=distribution, Marker="I0"), "InvalidArgument")
    refused("bad marker of distributions", lambda: CLIENT.list_distributions(Marker="E0"), "InvalidArgument")
    refused("too large", lambda: create(*[f"/{number}" for number in range(3001)]), "BatchTooLarge")
    create("/one", "/two", reference="same")
    refused("reference, as seen", lambda: create("/other", reference="same"), "InvalidArgument")
    steer("/settings", {"reference_clash": "InvalidationBatchAlreadyExists"})
    refused("reference, as documented", lambda: create("/other", reference="same"), "InvalidationBatchAlreadyExists", 400)
    steer("/settings", {"reference_clash": "InvalidArgument", "replay_clashes": True})
    refused("replay refused on wish", lambda: create("/one", "/two", reference="same"), "InvalidArgument")
    steer("/settings", {"replay_clashes": False, "in_progress_wildcards": 15})
    refused("16 wildcards", lambda: create(*[f"/{number}*" for number in range(16)]), "TooManyInvalidationsInProgress")
    steer("/settings", {"in_progress_wildcards": None})
    where = f"/distribution/{distribution}/invalidation"
    raw_refused("no body", where, "", "MissingBody", 400)
    raw_refused("no xml", where, "{}", "MalformedXML", 400)
    raw_refused("no reference", where, "<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/a</Path></Items></Paths></InvalidationBatch>", "MalformedXML", 400)
    raw_refused("no paths", where, "<InvalidationBatch><CallerReference>r</CallerReference></InvalidationBatch>", "MalformedXML", 400)
    troubles = {
        "service-unavailable": ("ServiceUnavailable", 503), "internal-error": ("InternalError", 500), "throttling": ("Throttling", 400),
        "too-many-invalidations": ("TooManyInvalidationsInProgress", None), "batch-too-large": ("BatchTooLarge", None), "access-denied": ("AccessDenied", None),
        "expired-token": ("ExpiredToken", 403), "invalid-client-token-id": ("InvalidClientTokenId", 403),
        "signature-does-not-match": ("SignatureDoesNotMatch", 403), "clock-skew": ("SignatureDoesNotMatch", 403), "no-such-distribution": ("NoSuchDistribution", None),
    }
    for what, (code, status) in troubles.items():
        steer("/faults", {"operation": "CreateInvalidation", "what": what})
        refused(f"on demand: {what}", lambda: create("/a"), code, status)


# --- work --------------------------------------------------------------------------------------------------------

def judge_boto3(distribution):
    ids = [one["Id"] for page in CLIENT.get_paginator("list_distributions").paginate(PaginationConfig={"PageSize": 3}) for one in page["DistributionList"]["Items"]]
    whole = [one["Id"] for one in CLIENT.list_distributions()["DistributionList"]["Items"]]
    equal("boto3: distributions in pages of three", ids, whole)
    create = lambda reference, *paths: CLIENT.create_invalidation(DistributionId=distribution, InvalidationBatch=batch(*paths, reference=reference))
    first = create("again", "/x", "/y")
    again = create("again", "/y", "/x")
    equal("boto3: a replay gives the earlier one", (again["Invalidation"]["Id"], again["ResponseMetadata"]["HTTPStatusCode"]), (first["Invalidation"]["Id"], 201))
    steer("/settings", {"completion_delay_ms": 700, "completion_spread_ms": 0})
    running = create(None, "/x")["Invalidation"]
    equal("boto3: born InProgress", running["Status"], "InProgress")
    try:
        CLIENT.get_waiter("invalidation_completed").wait(DistributionId=distribution, Id=running["Id"], WaiterConfig={"Delay": 0.1, "MaxAttempts": 50})
        check("boto3: waiter ends", True)
    except WaiterError as error:
        check("boto3: waiter ends", False, error)
    pages = CLIENT.get_paginator("list_invalidations").paginate(DistributionId=distribution, PaginationConfig={"PageSize": 2})
    times = [one["CreateTime"] for page in pages for one in page["InvalidationList"]["Items"]]
    check("boto3: invalidations newest first, over pages", len(times) > 3 and times == sorted(times, reverse=True), times)


def aws(*words):
    done = subprocess.run(["aws", "cloudfront", *words, "--output", "json"], env=ENVIRONMENT, capture_output=True, text=True)
    return done.returncode, (json.loads(done.stdout) if done.stdout.strip() else None), done.stderr.strip()


def judge_cli(distribution):
    code, everything, error = aws("list-distributions", "--page-size", "4")
    check("aws list-distributions --page-size 4", code == 0 and len(everything["DistributionList"]["Items"]) == len(CLIENT.list_distributions()["DistributionList"]["Items"]), error)
    code, made, error = aws("create-invalidation", "--distribution-id", distribution, "--paths", "/cli/a", "/cli/*", "#tag")
    check("aws create-invalidation --paths", code == 0 and sorted(made["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]) == ["#tag", "/cli/*", "/cli/a"], error)
    code, whole, error = aws("create-invalidation", "--distribution-id", distribution, "--invalidation-batch", json.dumps(batch("/b", "/c", reference="cli-ref")))
    check("aws create-invalidation --invalidation-batch", code == 0 and whole["Invalidation"]["InvalidationBatch"]["CallerReference"] == "cli-ref", error)
    identity = made["Invalidation"]["Id"]
    code, _, error = aws("wait", "invalidation-completed", "--distribution-id", distribution, "--id", identity)
    check("aws wait invalidation-completed", code == 0, error)
    code, got, error = aws("get-invalidation", "--distribution-id", distribution, "--id", identity)
    check("aws get-invalidation", code == 0 and got["Invalidation"]["Status"] == "Completed", error)
    code, page, error = aws("list-invalidations", "--distribution-id", distribution, "--max-items", "2")
    check("aws list-invalidations --max-items 2", code == 0 and [len(page["InvalidationList"]["Items"]), "NextToken" in page] == [2, True], error)
    code, _, error = aws("create-invalidation", "--distribution-id", distribution, "--paths", "no-slash")
    check("aws refuses a bad path", code != 0 and "(InvalidArgument)" in error and "invalid invalidation paths" in error, error)
    code, tenants, error = aws("list-distribution-tenants", "--page-size", "2")
    check("aws list-distribution-tenants", code == 0 and len(tenants["DistributionTenantList"]) == 12, error)
    tenant = tenants["DistributionTenantList"][0]["Id"]
    code, made, error = aws("create-invalidation-for-distribution-tenant", "--id", tenant, "--invalidation-batch", json.dumps(batch("/*")))
    check("aws create-invalidation-for-distribution-tenant", code == 0 and f"/distribution-tenant/{tenant}/invalidation/" in made["Location"], error)
    received = steer("/received")
    once = [one for one in received["creations"] if one["caller_reference"] == "cli-ref"]
    equal("the record of what arrived", [(one["received"], len(one["invalidations"]), one["items"]) for one in once], [(1, 1, ["/b", "/c"])])


def judge_trail(distribution, tenant):
    """The events of CloudTrail, by its own client and by the AWS CLI."""
    trail = boto3.client("cloudtrail", endpoint_url=BASE, region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}))

    def events(name, **more):
        pages = trail.get_paginator("lookup_events").paginate(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}], **more)
        return [(event, json.loads(event["CloudTrailEvent"])) for page in pages for event in page["Events"]]

    made = CLIENT.create_invalidation(DistributionId=distribution, InvalidationBatch=batch("/trail", reference="trail-ref"))["Invalidation"]
    found = [(event, record) for event, record in events("CreateInvalidation") if (record.get("responseElements") or {}).get("invalidation", {}).get("id") == made["Id"]]
    equal("boto3 cloudtrail: the event of an invalidation", len(found), 1)
    event, record = found[0]
    equal("its source", (event["EventSource"], record["eventSource"], record["awsRegion"]), ("cloudfront.amazonaws.com", "cloudfront.amazonaws.com", "us-east-1"))
    equal("its reference", record["requestParameters"]["invalidationBatch"]["callerReference"], "trail-ref")
    check("its caller", record["userIdentity"]["accessKeyId"] == ENVIRONMENT["AWS_ACCESS_KEY_ID"] and "Boto3/" in record["userAgent"], record)
    check("its time", abs((event["EventTime"] - made["CreateTime"]).total_seconds()) <= 1, event)
    equal("none after a time to come", events("CreateInvalidation", StartTime=made["CreateTime"] + datetime.timedelta(hours=1)), [])

    id_ = CLIENT.create_invalidation_for_distribution_tenant(Id=tenant, InvalidationBatch=batch("/trail", reference="tenant-ref"))["Invalidation"]["Id"]
    ids = [(record.get("responseElements") or {}).get("invalidation", {}).get("id") for _, record in events("CreateInvalidationForDistributionTenant")]
    check("the event of a tenant's invalidation", ids.count(id_) == 1, ids[:5])

    refused = wanted_error(lambda: CLIENT.create_invalidation(DistributionId=distribution, InvalidationBatch=batch("no-slash", reference="bad-ref")))
    codes = [record.get("errorCode") for _, record in events("CreateInvalidation") if record["requestParameters"].get("invalidationBatch", {}).get("callerReference") == "bad-ref"]
    check("the event of a refused request", refused is not None and len(codes) == 1 and codes[0], codes)

    for page in (1, 3):
        answer = trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateInvalidation"}], MaxResults=page)
        equal(f"at most {page} events a page", (len(answer["Events"]), "NextToken" in answer), (page, True))
    code = wanted_error(lambda: trail.lookup_events(NextToken="nothing"))
    equal("a token of nothing", code, "InvalidNextTokenException")
    done = subprocess.run(
        ["aws", "cloudtrail", "lookup-events", "--lookup-attributes", "AttributeKey=EventName,AttributeValue=CreateInvalidation", "--max-items", "5", "--output", "json"],
        env=ENVIRONMENT, capture_output=True, text=True,
    )
    check("aws cloudtrail lookup-events", done.returncode == 0 and len(json.loads(done.stdout)["Events"]) == 5, done.stderr)


def wanted_error(call):
    """The code of the error that a call ends with."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def main():
    before = steer("/settings")
    everything = CLIENT.list_distributions()["DistributionList"]["Items"]
    tenanted = next(one["Id"] for one in everything if one["ConnectionMode"] == "tenant-only")
    distribution = everything[0]["Id"]
    tenant = CLIENT.list_distribution_tenants()["DistributionTenantList"][0]["Id"]
    judge_replies(distribution, tenanted)
    judge_errors(distribution, tenant)
    judge_boto3(distribution)
    judge_cli(distribution)
    judge_trail(distribution, tenant)
    steer("/settings", before)
    steer("/faults", method="DELETE")
    print(f"{failed} failed" if failed else "all held")
    sys.exit(1 if failed else 0)


main()
