#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sarif.py FILE...: the SARIF 2.1.0 that a code host takes in: required properties, their types and values, references that
hold, no property the standard does not know, and the host's limits. With SARIF_SCHEMA set to the standard's JSON schema and
python3-jsonschema at hand, that as well."""
import json
import os
import re
import sys

bad = 0
where = ""


def complain(text):
    global bad
    bad += 1
    print(f"{where}: {text}")


LOG = {"$schema", "version", "runs", "inlineExternalProperties", "properties"}
RUN = {"tool", "invocations", "results", "artifacts", "columnKind", "automationDetails", "originalUriBaseIds", "properties", "conversion",
       "taxonomies", "language", "versionControlProvenance", "logicalLocations"}
DRIVER = {"name", "fullName", "version", "semanticVersion", "informationUri", "rules", "organization", "shortDescription", "fullDescription",
          "properties", "language", "downloadUri", "guid"}
RULE = {"id", "name", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration", "properties", "guid",
        "messageStrings", "relationships", "deprecatedIds"}
RESULT = {"ruleId", "ruleIndex", "rule", "kind", "level", "message", "locations", "partialFingerprints", "fingerprints", "codeFlows", "stacks",
          "relatedLocations", "suppressions", "baselineState", "rank", "properties", "guid", "correlationGuid", "occurrenceCount", "fixes",
          "analysisTarget", "hostedViewerUri", "workItemUris", "webRequest", "webResponse", "graphs", "attachments", "provenance"}


def known(what, value, names):
    if not isinstance(value, dict):
        complain(f"{what} is no object")
        return {}
    for name in value.keys() - names:
        complain(f"{what} has a property the standard does not know: {name}")
    return value


def text(what, value):
    if not isinstance(value, str) or not value:
        complain(f"{what} is no text: {value!r}")


def message(what, value):
    value = known(what, value, {"text", "markdown", "id", "arguments", "properties"})
    if not ("text" in value or "id" in value):
        complain(f"{what} has neither text nor id")
    for key in value.keys() & {"text", "markdown"}:
        text(f"{what}.{key}", value[key])


def location(what, value):
    physical = value.get("physicalLocation", {})
    artifact = physical.get("artifactLocation", {})
    if physical and "uri" in artifact:
        uri = artifact["uri"]
        text(f"{what} uri", uri)
        if not re.fullmatch(r"(?!/)([A-Za-z0-9._~/@!$&'()*+,;=-]|%[0-9A-F]{2})+", uri):
            complain(f"{what} uri is no relative path: {uri!r}")
    region = physical.get("region", {})
    for key in region.keys() & {"startLine", "endLine", "startColumn", "endColumn"}:
        if not isinstance(region[key], int) or region[key] < 1:
            complain(f"{what} {key} is {region[key]!r}; lines and columns count from 1")
    for logical in value.get("logicalLocations", []):
        if not logical.get("name") and not logical.get("fullyQualifiedName"):
            complain(f"{what} has a logical location without a name")


def result(number, value, rules):
    what = f"result {number}"
    value = known(what, value, RESULT)
    message(f"{what} message", value.get("message"))
    if value.get("level", "warning") not in ("none", "note", "warning", "error"):
        complain(f"{what} level is {value['level']!r}")
    if "kind" in value and value["kind"] not in ("notApplicable", "pass", "fail", "review", "open", "informational"):
        complain(f"{what} kind is {value['kind']!r}")
    if "baselineState" in value and value["baselineState"] not in ("new", "unchanged", "updated", "absent"):
        complain(f"{what} baselineState is {value['baselineState']!r}")
    if "ruleIndex" in value:
        index = value["ruleIndex"]
        if not 0 <= index < len(rules) or rules[index]["id"] != value.get("ruleId", rules[index]["id"]):
            complain(f"{what} ruleIndex does not lead to its rule")
    elif rules and value.get("ruleId") not in {r["id"] for r in rules}:
        complain(f"{what} ruleId is of no rule: {value.get('ruleId')!r}")
    for i, place in enumerate(value.get("locations", [])):
        location(f"{what} location {i}", place)
    for key, mark in value.get("partialFingerprints", {}).items():
        text(f"{what} fingerprint {key}", mark)


def run(number, value):
    value = known(f"run {number}", value, RUN)
    driver = known("driver", value.get("tool", {}).get("driver"), DRIVER)
    text("driver.name", driver.get("name"))
    rules = driver.get("rules", [])
    for i, rule in enumerate(rules):
        known(f"rule {i}", rule, RULE)
        text(f"rule {i} id", rule.get("id"))
        for key in rule.keys() & {"shortDescription", "fullDescription", "help"}:
            message(f"rule {i} {key}", rule[key])
    if len({rule.get("id") for rule in rules}) != len(rules):
        complain("two rules have one id")
    results = value.get("results")
    if not isinstance(results, list):
        complain("no list of results")
        return 0
    if len(results) > 25000 or any(len(r.get("locations", [])) > 1000 for r in results):
        complain("over the limits of a code host")
    for i, one in enumerate(results):
        result(i, one, rules)
    return len(results)


def schema_check(log):
    path = os.environ.get("SARIF_SCHEMA")
    if not path:
        return
    import jsonschema

    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    for error in list(jsonschema.validators.validator_for(schema)(schema).iter_errors(log))[:5]:
        complain(f"schema: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")


found = 0
for where in sys.argv[1:]:
    with open(where, encoding="utf-8") as opened:
        document = json.load(opened)
    known("log", document, LOG)
    if document.get("version") != "2.1.0":
        complain(f"version is {document.get('version')!r}")
    if not document.get("runs"):
        complain("no runs")
    for n, each in enumerate(document.get("runs", [])):
        found += run(n, each)
    schema_check(document)
    if os.path.getsize(where) > 10 << 20:
        complain("over 10 MiB")
if not found:
    complain("no file has a result")
sys.exit(bad > 0)
