"""The manifests are what Kubernetes takes, and keep to what they promise."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from sqlalchemy.engine import make_url

from app.kit.database import roles
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
MANIFESTS = ROOT / "scripts/deploy/kubernetes"
NOT_CORE = {"postgresql.cnpg.io/v1"}
"""Of an operator: no schema of Kubernetes itself covers them."""
OWNERS_SECRET = "database-app"
"""Which CloudNativePG makes for the owner of the database of `database`."""


def documents() -> list[dict[str, Any]]:
    """Each object that kustomize would apply."""
    names = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())["resources"]
    return [each for name in names for each in yaml.safe_load_all((MANIFESTS / name).read_text())]


def name_of(document: dict[str, Any]) -> str:
    return f"{document['kind']} {document['metadata']['name']}"


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each template of a pod of ours."""
    for each in documents():
        if each["kind"] in {"Deployment", "Job"}:
            yield name_of(each), each["spec"]["template"]


def test_every_file_is_applied() -> None:
    listed = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(each.name for each in MANIFESTS.glob("*.yaml") if each.name != "kustomization.yaml")


@pytest.mark.parametrize("document", [each for each in documents() if each["apiVersion"] not in NOT_CORE], ids=name_of)
def test_is_what_kubernetes_takes(document: dict[str, Any]) -> None:
    kubernetes_validate.validate(document, "1.34", strict=True)


def test_what_an_alert_of_a_release_needs_is_there() -> None:
    assert {each["kind"] for each in documents()} >= {
        "Cluster",
        "Deployment",
        "HorizontalPodAutoscaler",
        "Job",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "ScheduledBackup",
    }


@pytest.mark.parametrize(("name", "template"), [*pods()], ids=[name for name, _ in pods()])
def test_a_container_has_no_rights_and_all_its_settings_are_ours(name: str, template: dict[str, Any]) -> None:
    pod = template["spec"]
    assert pod["automountServiceAccountToken"] is False, name
    assert pod["securityContext"]["runAsNonRoot"] is True
    [container] = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    settings = {each.upper() for each in Settings.model_fields} | {"DATABASE_PASSWORD"}
    assert {each["name"] for each in container["env"]} <= settings


def cluster() -> dict[str, Any]:
    [found] = [each["spec"] for each in documents() if each["kind"] == "Cluster"]
    return dict(found)


def logs_in(template: dict[str, Any]) -> set[tuple[str, str]]:
    """With which users of the database, and the secrets of which passwords, a pod of ours logs in."""
    [container] = template["spec"]["containers"]
    given = {each["name"]: each for each in container["env"]}
    secret = given["DATABASE_PASSWORD"]["valueFrom"]["secretKeyRef"]
    assert secret["key"] == "password"
    urls = [make_url(each["value"]) for name, each in given.items() if name.endswith("_URL")]
    assert {url.password for url in urls} == {"$(DATABASE_PASSWORD)"}
    return {(str(url.username), secret["name"]) for url in urls}


def test_only_the_migration_logs_in_as_the_owner() -> None:
    owner = cluster()["bootstrap"]["initdb"]["owner"]
    templates = dict(pods())
    assert logs_in(templates.pop("Job migrate")) == {(owner, OWNERS_SECRET)}
    assert list(templates) == ["Deployment api"]
    managed = {each["name"]: each for each in cluster()["managed"]["roles"]}
    for name, template in templates.items():
        for user, secret in logs_in(template):
            assert user != owner, name
            assert managed[user] == {
                "name": user,
                "login": True,
                "inherit": False,
                "inRoles": [roles.CALLER, roles.WRITER, roles.SERVICE],
                "passwordSecret": {"name": secret},
            }


@pytest.mark.parametrize(("name", "template"), [*pods()], ids=[name for name, _ in pods()])
def test_no_other_secret_reaches_a_container(name: str, template: dict[str, Any]) -> None:
    pod = template["spec"]
    [container] = pod["containers"]
    assert pod["volumes"] == [{"name": "tmp", "emptyDir": {}}]
    assert container["envFrom"] == [{"configMapRef": {"name": "wijzer"}}, {"secretRef": {"name": "wijzer"}}]
    named = [each["valueFrom"]["secretKeyRef"]["name"] for each in container["env"] if "valueFrom" in each]
    assert named == [OWNERS_SECRET if name == "Job migrate" else "database-service"]


def test_the_secrets_that_nobody_else_makes_are_told_how_to_make() -> None:
    said = (MANIFESTS / "kustomization.yaml").read_text()
    needed = {secret for _, template in pods() for _, secret in logs_in(template)} | {"wijzer"}
    assert set(re.findall(r"create secret generic ([a-z-]+)", said)) == needed - {OWNERS_SECRET}
    [user] = {user for user, secret in logs_in(dict(pods())["Deployment api"])}
    assert f"username={user} " in said


def test_the_settings_that_are_no_secret_are_settings() -> None:
    [config] = [each for each in documents() if each["kind"] == "ConfigMap"]
    assert set(config["data"]) <= {each.upper() for each in Settings.model_fields}
    secret = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert not set(config["data"]) & secret


def test_probes_ask_what_the_service_answers() -> None:
    [deployment] = [each for each in documents() if each["kind"] == "Deployment"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    paths = {each: container[each]["httpGet"]["path"] for each in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {
        "startupProbe": "/v1/health/live",
        "livenessProbe": "/v1/health/live",
        "readinessProbe": "/v1/health/ready",
    }


def test_the_version_is_that_of_the_product() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    [image] = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text())["images"]
    assert image["newTag"] == version[1]
