"""Deploys generated stacks to moto's emulation of AWS on loopback.

moto knows part of the resource types and skips the others silently, so what it does not know is
taken out first and references to it become placeholders. This is an emulation, no proof that AWS
would accept the stacks.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from moto.cloudformation.parsing import get_model_map
from moto.server import ThreadedMotoServer

# Known to moto, but not in the form these templates use it.
NOT_EMULATED = {"AWS::Budgets::Budget", "AWS::CloudFormation::Stack", "AWS::SSM::Parameter"}
# Properties whose form CloudFormation takes and moto's models do not.
NOT_UNDERSTOOD = {
    "AWS::KMS::Key": ["Tags"],
    "AWS::RDS::DBInstance": ["DBParameterGroupName"],
}
NO_ATTRIBUTES = {
    "AWS::RDS::DBInstance": ["MasterUserSecret.SecretArn", "DbiResourceId"],
    "AWS::EFS::FileSystem": ["Arn"],
}
Template = dict[str, Any]


def placeholders(value: Any, gone: set[str]) -> Any:
    """The value with references to resources that are gone replaced."""
    if isinstance(value, list):
        return [placeholders(item, gone) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in gone:
        return f"not-emulated-{value['Ref']}"
    if "Fn::GetAtt" in value:
        name, attribute = value["Fn::GetAtt"]
        if name in gone or f"{name}.{attribute}" in gone:
            return f"not-emulated-{name}"
    if "Fn::Select" in value and placeholders(value["Fn::Select"], gone) != value["Fn::Select"]:
        return "not-emulated-piece"  # of the ARN of what is gone
    if "Fn::Sub" in value:
        pattern = value["Fn::Sub"]
        for name in gone:
            pattern = re.sub(rf"\$\{{{name}(\.[A-Za-z.]+)?\}}", f"not-emulated-{name}", pattern)
        return {"Fn::Sub": pattern}
    return {key: placeholders(item, gone) for key, item in value.items()}


def pruned(template: Template) -> tuple[Template, list[str]]:
    """The part of the template that is emulated, and the types that are not."""
    resources = template["Resources"]
    models = get_model_map()
    gone = {
        name for name, resource in resources.items()
        if resource["Type"] not in models or resource["Type"] in NOT_EMULATED
    }
    gone |= {
        f"{name}.{attribute}" for name, resource in resources.items()
        for attribute in NO_ATTRIBUTES.get(resource["Type"], [])
    }
    kept = {
        key: placeholders(part, gone) for key, part in template.items()
        if key not in ("Resources", "Rules", "Metadata")
    }
    kept["Resources"] = {}
    for name, resource in resources.items():
        if name in gone:
            continue
        resource = {key: placeholders(part, gone) for key, part in resource.items()
                    if key not in ("Metadata", "DependsOn", "CreationPolicy", "UpdatePolicy")}
        for name_of_property in NOT_UNDERSTOOD.get(resource["Type"], []):
            resource["Properties"].pop(name_of_property, None)
        if resource.get("Properties", {}).pop("SourcePrefixListId", None):
            resource["Properties"]["CidrIp"] = "203.0.113.0/24"  # moto has no prefix lists here
        kept["Resources"][name] = resource
    for parameter in kept.get("Parameters", {}).values():
        if parameter["Type"].startswith("AWS::SSM"):
            parameter.update(Type="String", Default="ami-12c6146b")
    return kept, sorted(
        {resources[name]["Type"] for name in gone if name in resources})


class Emulation:
    """One emulated account with what was deployed to it."""

    def __init__(self, region: str, variant: str):
        self.region = region
        self.variant = variant  # of the platform
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        # moto keeps its state in the process: what another variant deployed would still be there.
        urlopen(Request(f"{self.endpoint}/moto-api/reset", method="POST"), timeout=60).close()
        self.outputs: dict[str, str] = {}
        self.not_emulated: set[str] = set()
        self.statuses: dict[str, str] = {}

    def client(self, service: str) -> Any:
        return boto3.client(
            service, region_name=self.region, endpoint_url=self.endpoint,
            aws_access_key_id="emulated", aws_secret_access_key="emulated",
            config=Config(retries={"max_attempts": 1}),
        )

    def deploy(self, name: str, template_file: Path, given: Mapping[str, str]) -> None:
        """Deploys one stack with the outputs of those before it, as deploy.sh does."""
        template, types = pruned(json.loads(template_file.read_text()))
        self.not_emulated.update(types)
        parameters = []
        for parameter, declared in template.get("Parameters", {}).items():
            value = self.outputs.get(parameter, given.get(parameter, declared.get("Default")))
            assert value is not None, f"{name}: nothing gives a value to {parameter}"
            parameters.append({"ParameterKey": parameter, "ParameterValue": value})
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName=name, TemplateBody=json.dumps(template), Parameters=parameters,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        self.statuses[name] = stack["StackStatus"]
        for output in stack.get("Outputs", []):
            self.outputs[output["OutputKey"]] = output["OutputValue"]

    def stop(self) -> None:
        self.server.stop()
