"""The templates that `shopsim generate` writes for the shipped platform pass every public
validator, and an emulated AWS carries them out as far as it can. So do those of a platform with
everything that the shipped one leaves off; of other variants the schemas are checked."""

import copy
import fnmatch
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from emulated_deployment import Emulation

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/shopsim"
NODE_MODULES = ROOT / "scripts/node_packages/node_modules"
PLATFORM = ROOT / "scenarios/platforms/shop.yaml"
# As deploy.sh orders them.
STACKS = ["security", "network", "data", "compute", "backup", "edge", "observability"]
# Alarms and dashboards are not: moto carries out none of what that stack adds.
EMULATED = STACKS[:-1]
# What the shipped platform has not, by the variant that has it: changed keys of the platform file.
SCALING = {
    "policies": [
        {"target_tracking": {"name": "requests", "metric": "request_count_per_target",
                             "target_value": 900}},
        {"step_scaling": {"name": "rush", "alarm": {"threshold": 70},
                          "adjustment_type": "percent_change_in_capacity", "minimum_magnitude": 2,
                          "steps": [{"from": 0, "to": 15, "adjustment": 25},
                                    {"from": 15, "adjustment": 50}]}},
        {"predictive_scaling": {"name": "forecast", "target_value": 40,
                                "maximum_breach": "increase_maximum", "maximum_buffer": "10 %"}},
    ],
    "scheduled": [{"name": "evening", "at": "19:30", "minimum": 6},
                  {"name": "sale", "at": "06:05", "date": "2030-11-29", "minimum": 8,
                   "desired": 8}],
}
POOL = {"warm_pool": {"enabled": True, "state": "hibernated", "minimum": 1,
                      "reuse_on_scale_in": True},
        "lifecycle_hooks": [{"name": "prepare", "heartbeat_timeout": "10 min"}]}
VARIANTS: dict[str, dict[str, Any]] = {
    "full": {"database": {"proxy": {"enabled": True}, "max_connections": 1500},
             "web": {"scaling": SCALING | POOL}},
    "proxy": {"database": {"proxy": {"enabled": True}, "audit": False}},
    "warm-pool": {"web": {"scaling": {"warm_pool": {"enabled": True}}}},
    "without-edge": {"cdn": {"enabled": False}},
    "bare": {"cdn": {"enabled": False}, "waf": {"enabled": False}, "cache": {"enabled": False},
             "shared_files": {"enabled": False}, "backup": {"enabled": False},
             "tracing": {"enabled": False}, "audit": {"trail": False},
             "network": {"flow_logs": False},
             "notifications": {"phones": []}},
    "sharded-cache": {"cache": {"shards": 2, "replicas_per_shard": 2}},
    "small": {"web": {"instance_type": "t3.large", "scaling": {
                  "minimum": 2, "maximum": 2, "desired": 2, "policies": []}},
              "database": {"engine_version": "15.17", "instance_class": "db.t4g.medium",
                           "performance_insights": False}},
}
# What a person or deploy.sh would give.
GIVEN = {
    "AlertEmail1": "oncall@example.com", "AlertPhone1": "+15550100100",
    "CloudFrontPrefixListId": "pl-3b927c52", "HostedZoneId": "Z0123456789ABCDEF",
}


def missing(what: str) -> None:
    """In CI what is missing is a failure, elsewhere a skip that says so."""
    if os.environ.get("CI") == "true" or os.environ.get("SHOPSIM_REQUIRE_VALIDATORS") == "1":
        pytest.fail(what)
    pytest.skip(what)


def start(*command: Path | str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=os.environ | environment,
    )


class Generated:
    """A written folder, with every validator started once for all templates."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.yaml = sorted(folder.glob("templates/*.template.yaml"))
        self.json = [folder / f"templates/json/{name}.template.json" for name in STACKS]
        self.started: dict[str, subprocess.Popen[str]] = {}

    def start_validators(self, schemas: list[Path]) -> None:
        """`schemas`: the templates of which the schemas are checked."""
        if not (ROOT / ".venv/bin/cfn-lint").exists():
            return
        self.started["cfn-lint"] = start(".venv/bin/cfn-lint", "-t", *schemas)
        self.started["cloudformation-validate"] = start(
            ".venv/bin/python", "scripts/run_cloudformation_validate.py", *schemas)
        if (ROOT / ".venv-checkov/bin/checkov").exists():
            self.started["checkov"] = start(
                ".venv-checkov/bin/checkov", "--framework", "cloudformation", "--compact",
                "--quiet", "--skip-download", "-o", "json", "-d", self.folder / "templates/json")
        if NODE_MODULES.exists():
            self.started["cdk-nag"] = start(
                ".venv/bin/node", "scripts/run_cdk_nag.js", *self.json,
                NODE_PATH=str(NODE_MODULES))

    def result(self, validator: str) -> tuple[int, str, str]:
        if validator not in self.started:
            missing(f"{validator} is not installed: run make deps")
        process = self.started[validator]
        output, errors = process.communicate()
        return process.returncode, output, errors

    def template(self, stack: str) -> dict[str, Any]:
        return json.loads((self.folder / f"templates/json/{stack}.template.json").read_text())


def generate(platform: Path, folder: Path) -> Generated:
    if not PROGRAM.exists():
        missing("build/release/shopsim is not built: run make build")
    done = subprocess.run([PROGRAM, "generate", platform, "-o", folder], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Generated(folder)


def changed(platform: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    result = copy.deepcopy(platform)
    for key, value in change.items():
        old = result.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        result[key] = changed(old, value) if both else value  # type: ignore[arg-type]
    return result


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> Iterator[dict[str, Generated]]:
    """By variant; `shipped` is the platform as it is. The schemas of all are checked, the policies
    of the shipped one and of the one with everything."""
    place = tmp_path_factory.mktemp("generated")
    shipped = yaml.safe_load(PLATFORM.read_text())
    result = {"shipped": generate(PLATFORM, place / "deploy")}
    for name, change in VARIANTS.items():
        (place / f"{name}.yaml").write_text(yaml.safe_dump(changed(shipped, change)))
        result[name] = generate(place / f"{name}.yaml", place / name)
    result["shipped"].start_validators(result["shipped"].yaml)
    others = [path for name in VARIANTS for path in result[name].yaml]
    result["full"].start_validators(others)
    yield result
    for folder in result.values():
        for process in folder.started.values():
            if process.poll() is None:
                process.kill()
                process.communicate()


@pytest.fixture(scope="module")
def generated(folders) -> Generated:
    return folders["shipped"]


class CloudFormationLoader(yaml.SafeLoader):
    """Reads the short forms of intrinsic functions."""


def intrinsic(loader: CloudFormationLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt":
        value = value.split(".", 1)
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


CloudFormationLoader.add_multi_constructor("!", intrinsic)


@pytest.mark.parametrize("stack", ["root", *STACKS])
def test_yaml_and_json_hold_the_same(generated, stack):
    text = (generated.folder / f"templates/{stack}.template.yaml").read_text()
    read = yaml.load(text, CloudFormationLoader)
    read["AWSTemplateFormatVersion"] = str(read["AWSTemplateFormatVersion"])
    assert read == generated.template(stack)


def test_the_same_platform_gives_the_same_bytes(generated, tmp_path):
    subprocess.run([PROGRAM, "generate", PLATFORM, "-o", tmp_path / "again"], check=True,
                   capture_output=True)
    files = sorted(path.relative_to(tmp_path / "again")
                   for path in (tmp_path / "again").rglob("*") if path.is_file())
    assert len(files) > 20
    for path in files:
        assert (tmp_path / "again" / path).read_bytes() == (generated.folder / path).read_bytes()


def test_every_parameter_of_every_stack_is_given_by_somebody(generated):
    """By the parameter file, by deploy.sh, or by an output of a stack that comes before."""
    told = {entry["ParameterKey"]
            for entry in json.loads((generated.folder / "parameters.prod.json").read_text())}
    told |= {"TemplateBucket", "TemplatePrefix", "CloudFrontPrefixListId"}
    for stack in ["root", "edge", "observability"]:
        template = generated.template(stack)
        assert set(template["Parameters"]) - told == set(), stack
        told |= set(template.get("Outputs", {}))


def test_the_parent_gives_each_nested_stack_exactly_what_it_asks_for(generated):
    root = generated.template("root")["Resources"]
    for stack in ["security", "network", "data", "compute", "backup"]:
        given = root[stack.capitalize() + "Stack"]["Properties"]["Parameters"]
        assert set(given) == set(generated.template(stack)["Parameters"]), stack
        for name, value in given.items():
            if "Fn::GetAtt" in value:
                giver, output = value["Fn::GetAtt"]
                giver = giver.removesuffix("Stack").lower()
                outputs = generated.template(giver)["Outputs"]
                assert output.removeprefix("Outputs.") in outputs, name
                assert "Condition" not in outputs[output.removeprefix("Outputs.")], name


def test_scripts_are_sound(generated):
    script = generated.folder / "deploy.sh"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script]).returncode == 0
    user_data = generated.template("compute")["Resources"]["WebTemplate"]["Properties"][
        "LaunchTemplateData"]["UserData"]["Fn::Base64"]["Fn::Sub"]
    bootstrap = subprocess.run(["bash", "-n"], input=user_data, text=True, capture_output=True)
    assert bootstrap.returncode == 0, bootstrap.stderr
    assert len(user_data) < 16_384 * 3 // 4  # user data may have 16 KiB


def test_nested_templates_fit(generated):
    for path in generated.yaml:
        assert path.stat().st_size < 1_000_000  # of a template in a bucket
    for stack in ["root", *STACKS]:
        assert len(generated.template(stack)["Resources"]) <= 500


def resources_of(generated, kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for stack in STACKS
        for name, resource in generated.template(stack)["Resources"].items()
        if resource["Type"] == kind
    }


def test_every_bucket_is_private_encrypted_and_versioned(generated):
    buckets = resources_of(generated, "AWS::S3::Bucket")
    assert len(buckets) == 5  # images, uploads, backups, logs, edge logs
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"], name
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name


def test_the_database_is_as_the_platform_says(generated):
    (database,) = resources_of(generated, "AWS::RDS::DBInstance").values()
    assert database["MultiAZ"] == {"Ref": "DatabaseMultiAz"}  # its value: the emulation's test
    assert database["DeletionProtection"] is True
    assert database["StorageEncrypted"] is True
    assert database["PubliclyAccessible"] is False
    assert database["ManageMasterUserPassword"] is True


@pytest.mark.parametrize("variant", ["shipped", *VARIANTS])
def test_our_own_checker_finds_nothing(folders, variant):
    run = subprocess.run([PROGRAM, "check", folders[variant].folder], capture_output=True,
                         text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "warning" not in run.stderr, run.stderr


def test_the_variants_have_what_they_are_there_for(folders):
    """A key that is spelled wrongly, or taken out of the program, would leave a variant empty."""
    full = {resource["Type"] + str(resource.get("Properties", {}).get("PolicyType", ""))
            for stack in STACKS
            for resource in folders["full"].template(stack)["Resources"].values()}
    assert full >= {"AWS::RDS::DBProxy", "AWS::AutoScaling::WarmPool",
                    "AWS::AutoScaling::ScheduledAction",
                    "AWS::AutoScaling::ScalingPolicyPredictiveScaling",
                    "AWS::AutoScaling::ScalingPolicyStepScaling",
                    "AWS::AutoScaling::ScalingPolicyTargetTrackingScaling"}
    bare = {resource["Type"] for stack in ["security", "network", "data", "compute", "edge"]
            for resource in folders["bare"].template(stack)["Resources"].values()}
    for service in ["CloudFront", "WAFv2", "ElastiCache", "EFS", "CloudTrail"]:
        assert not any(service in kind for kind in bare), service


# The validators of "full" read the schemas of every variant.
POLICED = ["shipped", "full"]


@pytest.mark.parametrize("variant", POLICED)
def test_cfn_lint_finds_nothing(folders, variant):
    code, output, errors = folders[variant].result("cfn-lint")
    assert code == 0, output + errors


@pytest.mark.parametrize("variant", POLICED)
def test_cloudformation_validate_finds_no_warning(folders, variant):
    code, output, errors = folders[variant].result("cloudformation-validate")
    blocking = [line for line in output.splitlines() if " info " not in line]
    assert code == 0, "\n".join(blocking) + errors


@pytest.mark.parametrize("variant", POLICED)
def test_checkov_finds_no_unjustified_failure(folders, variant):
    generated = folders[variant]
    _, output, errors = generated.result("checkov")
    report = json.loads(output)
    assert report["summary"]["parsing_errors"] == 0, errors
    assert report["summary"]["passed"] > 200  # or nothing was checked
    failed = [f"{found['check_id']} {found['resource']}: {found['check_name']}"
              for found in report["results"]["failed_checks"]]
    assert not failed, "\n".join(failed)
    for stack in STACKS:
        for name, resource in generated.template(stack)["Resources"].items():
            for skip in resource["Metadata"].get("checkov", {}).get("skip", []):
                assert len(skip["comment"]) > 20, f"{name}: {skip['id']}"


def nag_rule(name: str) -> str:
    for prefix in ("NIST.800.53.R5-", "PCI.DSS.321-"):
        name = name.removeprefix(prefix)
    return name


def glob(pattern: str) -> str:
    """A pattern of the baseline: brackets stand for themselves, `\\*` for a star."""
    escaped = pattern.replace("[", "\0").replace("]", "[]]").replace("\0", "[[]")
    return escaped.replace("\\*", "[*]")


@pytest.mark.parametrize("variant", POLICED)
def test_cdk_nag_finds_only_what_is_meant_so(folders, variant):
    code, output, errors = folders[variant].result("cdk-nag")
    assert code == 0, errors
    findings = [json.loads(line) for line in output.splitlines()]
    assert {"AwsSolutions", "NIST.800.53.R5", "PCI.DSS.321"} <= {
        finding["pack"] for finding in findings}
    baseline = yaml.safe_load((ROOT / "tests/python/cdk_nag_baseline.yaml").read_text())
    used: set[tuple[int, str]] = set()
    unexplained = []
    for finding in findings:
        rule, where = nag_rule(finding["rule"]), finding["where"].replace("/template/", "/")
        matches = [
            index for index, entry in enumerate(baseline)
            if where in entry["where"]
            and any(fnmatch.fnmatchcase(rule, glob(pattern)) for pattern in entry["rule"])
        ]
        if matches:
            used.add((matches[0], where))
        else:
            unexplained.append(f"{finding['pack']} {rule} at {where}: {finding['text']}")
    assert not unexplained, "\n".join(unexplained)
    present = {f"{stack}/{name}" for stack in STACKS
               for name in folders[variant].template(stack)["Resources"]}
    for index, entry in enumerate(baseline):
        assert len(entry["reason"]) > 40, entry["rule"]
        if entry.get("only", variant) != variant:
            continue
        for where in entry["where"]:
            assert where in present or variant != "full", f"nothing is called {where}"
            found = (index, where) in used or where not in present
            assert found, f"no longer found: {entry['rule']} at {where}"


@pytest.fixture(scope="module", params=POLICED)
def emulation(folders, request) -> Iterator[Emulation]:
    generated = folders[request.param]
    account = Emulation("us-east-1", request.param)
    try:
        certificate = account.client("acm").request_certificate(DomainName="shop.example.com")
        zone = account.client("route53").create_hosted_zone(
            Name="shop.example.com", CallerReference="test")["HostedZone"]["Id"]
        given = GIVEN | {"HostedZoneId": zone.removeprefix("/hostedzone/"),
                         "OriginCertificateArn": certificate["CertificateArn"],
                         "CertificateArn": certificate["CertificateArn"]}
        for stack in EMULATED:
            path = generated.folder / f"templates/json/{stack}.template.json"
            account.deploy(stack, path, given)
        yield account
    finally:
        account.stop()


def test_emulated_stacks_complete(emulation):
    """An emulation: of about 80 resource types moto carries out half."""
    assert emulation.statuses == {stack: "CREATE_COMPLETE" for stack in EMULATED}


def test_emulated_network_is_as_planned(emulation):
    ec2 = emulation.client("ec2")
    planned = {"10.20.0.0/24", "10.20.1.0/24", "10.20.16.0/20", "10.20.32.0/20", "10.20.4.0/24",
               "10.20.5.0/24"}
    vpc = emulation.outputs["VpcId"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert {subnet["CidrBlock"] for subnet in subnets} == planned
    assert {subnet["AvailabilityZone"] for subnet in subnets} == {"us-east-1a", "us-east-1b"}
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)
    assert len(ec2.describe_nat_gateways()["NatGateways"]) == 2
    group = emulation.outputs["DatabaseSecurityGroupId"]
    rules = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    assert {(rule["FromPort"], rule["ToPort"]) for rule in rules} == {(5432, 5432)}
    sources = {pair["GroupId"] for rule in rules for pair in rule["UserIdGroupPairs"]}
    proxy = {group} if emulation.variant == "full" else set()  # it is in the database's group
    assert sources == {emulation.outputs["WebSecurityGroupId"]} | proxy
    assert not any(rule["IpRanges"] for rule in rules)


def test_emulated_database_is_as_planned(emulation):
    database = emulation.client("rds").describe_db_instances()["DBInstances"][0]
    assert database["AllocatedStorage"] == 500
    assert database["MultiAZ"] is True
    assert database["StorageEncrypted"] is True
    assert database["PubliclyAccessible"] is False
    tags = {tag["Key"]: tag["Value"] for tag in database["TagList"]}
    assert tags["Environment"] == "prod"
    assert tags["DataClass"] == "customer data"


def test_emulated_servers_are_as_planned(emulation):
    scaling = emulation.client("autoscaling")
    group = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
    assert (group["MinSize"], group["MaxSize"]) == (2, 8)
    assert group["HealthCheckType"] == "ELB"
    assert len(group["VPCZoneIdentifier"].split(",")) == 2
    assert {tag["Key"] for tag in group["Tags"]} >= {"Application", "Environment", "Owner"}


def test_emulated_buckets_are_encrypted(emulation):
    # moto's CloudFormation carries out neither versioning nor the public access block: those are
    # asserted on the templates.
    s3 = emulation.client("s3")
    buckets = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert len(buckets) == 5  # images, uploads, backups, logs, edge logs
    for bucket in buckets:
        assert s3.get_bucket_encryption(Bucket=bucket)
