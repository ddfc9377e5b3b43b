#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recipes.py MEMTRIAGE FOLDER: the recipes parse, have what their service needs, and call the program only with options it knows.
Without python3-yaml only the last is looked at. With RECIPE_SCHEMAS set to a folder of npm packages, they are also held against
the schemas of workflows and of .gitlab-ci.yml that ci/schemas/package.json names."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

tool, folder = sys.argv[1:3]
bad = 0


def complain(text):
    global bad
    bad += 1
    print(text)


def published(path, doc):
    """Against the services' own schemas."""
    packages = os.environ.get("RECIPE_SCHEMAS")
    if not packages:
        return
    if os.path.basename(path).startswith("github"):
        validator = os.path.join(packages, ".bin", "action-validator")
        with tempfile.TemporaryDirectory() as root:  # it goes by the place of a file
            workflows = os.path.join(root, ".github", "workflows")
            os.makedirs(workflows)
            shutil.copy(path, workflows)
            copy = os.path.join(workflows, os.path.basename(path))
            ran = subprocess.run([validator, copy], capture_output=True, text=True, check=False)
        if ran.returncode:
            complain(f"{path}: {ran.stdout[:600]}{ran.stderr[:600]}")
        return
    import jsonschema

    module = os.path.abspath(os.path.join(packages, "gitlab-ci-local/src/schema/schema.js"))
    script = f"import {{ schema }} from {json.dumps(module)}; console.log(JSON.stringify(schema));"
    ran = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    for error in list(jsonschema.Draft7Validator(json.loads(ran.stdout)).iter_errors(doc))[:5]:
        complain(f"{path}: {error.message[:300]}")


def github(doc):
    # YAML 1.1 reads the key `on` as true.
    if not (doc.get("on") or doc.get(True)) or not isinstance(doc.get("jobs"), dict):
        complain("github-actions.yml: no triggers or no jobs")
        return
    for name, job in doc["jobs"].items():
        if not job.get("runs-on") or not job.get("steps"):
            complain(f"github-actions.yml: job {name} has no runner or no steps")
        for step in job.get("steps", []):
            if ("run" in step) == ("uses" in step):
                complain(f"github-actions.yml: a step of {name} has both or neither of run and uses: {step}")
            if "uses" in step and not re.fullmatch(r"[\w.-]+/[\w./-]+@[\w.-]+", step["uses"]):
                complain(f"github-actions.yml: uses {step['uses']}")


def gitlab(doc):
    words = {"stages", "variables", "default", "include", "workflow", "image", "services", "cache", "before_script", "after_script"}
    jobs = {k: v for k, v in doc.items() if k not in words and not k.startswith(".")}
    if not jobs:
        complain("gitlab-ci.yml: no jobs")
    for name, job in jobs.items():
        if not isinstance(job, dict) or not (job.get("script") or job.get("extends") or job.get("trigger")):
            complain(f"gitlab-ci.yml: job {name} has no script")
        elif doc.get("stages") and job.get("stage") and job["stage"] not in doc["stages"]:
            complain(f"gitlab-ci.yml: job {name} is of a stage that is not listed")


def braces(path, text):
    text = re.sub(r"'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|//[^\n]*", "", text, flags=re.S)
    stack = []
    for c in text:
        if c in "([{":
            stack.append(c)
        elif c in ")]}" and (not stack or "([{".index(stack.pop()) != ")]}".index(c)):
            complain(f"{path}: brackets do not match")
            return
    if stack:
        complain(f"{path}: brackets do not match")
    if not re.match(r"\s*pipeline\s*\{", text) or "agent" not in text or "stages" not in text:
        complain(f"{path}: no declarative pipeline with agent and stages")


help_text = subprocess.run([tool, "diff", "--help"], capture_output=True, text=True, check=False).stdout
try:
    import yaml
except ImportError:
    print("SKIP: no python3-yaml, so recipes are not parsed")
    yaml = None
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        content = file.read()
    if name.endswith(".yml") and yaml:
        try:
            parsed = yaml.safe_load(content)
        except yaml.YAMLError as error:
            complain(f"{name}: {error}")
            continue
        (github if name.startswith("github") else gitlab)(parsed)
        published(os.path.join(folder, name), parsed)
    if name == "Jenkinsfile":
        braces(name, content)
    for call in re.findall(r"memtriage diff([^\n]*(?:\\\n[^\n]*)*)", content):
        for option in re.findall(r"(?<!\S)(--[a-z-]+)", call):
            if help_text and option not in help_text:
                complain(f"{name}: memtriage knows no {option}")
sys.exit(bad > 0)
