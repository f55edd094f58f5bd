#!/usr/bin/env python3
"""Stands for the `aws` command: knows of stacks and change sets what deploy.sh asks, and writes
every call into a file. The state is a JSON file, named by FAKE_AWS."""

import json
import os
import sys
from pathlib import Path
from typing import Any

STATE = Path(os.environ["FAKE_AWS"])
OUTPUTS = {"DatabaseIdentifier": "db-1", "BalancerArn": "arn:aws:elasticloadbalancing:lb",
           "DatabaseEndpoint": "db-1.example.com", "ScalingGroupName": "web-1",
           "DatabaseOwnerSecretArn": "arn:aws:secretsmanager:owner"}


def option(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1] if name in arguments else ""


def describe_stack(state: dict[str, Any], name: str, query: str) -> int:
    status = state["stacks"].get(name)
    if status is None:
        return 254
    if query == "Stacks[0].Outputs":
        print(json.dumps([{"OutputKey": key, "OutputValue": value}
                          for key, value in OUTPUTS.items()]))
    else:
        print(status)
    return 0


def describe_change_set(state: dict[str, Any], change_set: str, query: str) -> int:
    reason = state["sets"][change_set]["reason"]
    if query == "StatusReason":
        print(reason)
        return 0
    stack = state["sets"][change_set]["stack"]
    changes = [{"ResourceChange": {
        "Action": "Modify", "LogicalResourceId": "Database",
        "ResourceType": "AWS::RDS::DBInstance", "Replacement": "True"}}]
    if state["sets"][change_set]["nested"] and "/nested" not in change_set:
        state["sets"][change_set + "/nested"] = dict(state["sets"][change_set])
        changes = [{"ResourceChange": {
            "Action": "Modify", "LogicalResourceId": "DataStack",
            "ResourceType": "AWS::CloudFormation::Stack", "ChangeSetId": change_set + "/nested"}}]
    print(json.dumps({"StackName": stack, "Changes": changes}))
    return 0


def cloudformation(state: dict[str, Any], arguments: list[str]) -> int:
    action = arguments[0]
    name = option(arguments, "--stack-name")
    change_set = option(arguments, "--change-set-name")
    query = option(arguments, "--query")
    if action == "describe-stacks":
        return describe_stack(state, name, query)
    if action == "create-change-set":
        nested = "--include-nested-stacks" in arguments
        arn = f"arn:set:{len(state['sets'])}"
        state["sets"][arn] = {"stack": name, "nested": nested,
                              "reason": state["reasons"].get("nested" if nested else name, "")}
        state["stacks"].setdefault(name, "REVIEW_IN_PROGRESS")
        print(arn)
    elif action == "wait" and arguments[1] == "change-set-create-complete":
        return 255 if state["sets"][change_set]["reason"] else 0
    elif action == "describe-change-set":
        return describe_change_set(state, change_set, query)
    elif action == "execute-change-set":
        stack = state["sets"][change_set]["stack"]
        made = state["stacks"][stack] == "REVIEW_IN_PROGRESS"
        state["stacks"][stack] = "CREATE_COMPLETE" if made else "UPDATE_COMPLETE"
    elif action == "delete-stack":
        state["stacks"].pop(name, None)
    return 0


def main() -> int:
    arguments = sys.argv[1:]
    state = json.loads(STATE.read_text())
    state["calls"].append(arguments)
    code = 0
    if arguments[0] == "cloudformation":
        code = cloudformation(state, arguments[1:])
    elif arguments[:2] == ["sts", "get-caller-identity"]:
        print("123456789012")
    elif arguments[0] == "ec2":
        print("pl-3b927c52")
    elif arguments[0] == "autoscaling":
        print(state.get("server", "i-1"))
    elif arguments[:2] == ["ssm", "start-session"]:
        print("\nStarting session with SessionId: session-1\nWaiting for connections...")
    elif arguments[:2] == ["secretsmanager", "get-secret-value"]:
        print(json.dumps({"username": "shop_owner", "password": "a b'$c"}))
    STATE.write_text(json.dumps(state))
    return code


if __name__ == "__main__":
    sys.exit(main())
