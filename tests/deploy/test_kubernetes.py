"""The manifests are what Kubernetes takes, and keep to what they promise."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
MANIFESTS = ROOT / "scripts/deploy/kubernetes"
NOT_CORE = {"postgresql.cnpg.io/v1"}
"""Of an operator: no schema of Kubernetes itself covers them."""


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
