"""Judges the manifests that pages of the docs hand to Kubernetes: check-manifests.py PAGE…

Blocks of YAML with an apiVersion are held to the published schemas (kubernetes-validate of PyPI),
strictly: what a resource does not have is a mistake. Of an MPIJob, which is not Kubernetes' own, the
pods are judged.
"""
import re
import sys

import kubernetes_validate
import yaml

judged = 0


def judge(page, resource):
    global judged
    name = f"{page}: {resource['kind']} {resource['metadata']['name']}"
    try:
        version = kubernetes_validate.validate(
            resource, kubernetes_validate.latest_version(), strict=True)
    except kubernetes_validate.ValidationError as error:
        where = ".".join(str(part) for part in error.path)
        sys.exit(f"error: {name}: {where}: {error.message}")
    print(f"{name}: valid for Kubernetes {version}")
    judged += 1


def parts(document):
    """What of a document Kubernetes itself knows."""
    if not document["apiVersion"].startswith("kubeflow.org/"):
        return [document]
    return [{"apiVersion": "v1", "kind": "PodTemplate",
             "metadata": {"name": f"{document['metadata']['name']}, {role}"},
             "template": replica["template"]}
            for role, replica in document["spec"]["mpiReplicaSpecs"].items()]


for page in sys.argv[1:]:
    with open(page, encoding="utf-8") as file:
        blocks = re.findall(r"^```ya?ml\n(.*?)^```$", file.read(), re.M | re.S | re.I)
    for block in blocks:
        for document in yaml.safe_load_all(block):
            if isinstance(document, dict) and "apiVersion" in document:
                for resource in parts(document):
                    judge(page, resource)
if judged == 0:
    sys.exit("error: no manifest was found")
