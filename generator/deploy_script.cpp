// deploy.sh: the order of the stacks, change sets, and the way back.
#include <string>
#include <string_view>

#include "generator/deploy_files.hpp"
#include "generator/stack_builder.hpp"

namespace shopsim::generator {

namespace {

constexpr std::string_view kScript = R"SH(#!/usr/bin/env bash
# Deploys the platform, and takes it down. Needs bash 4.4, the AWS CLI 2 and jq, and an account's
# credentials in the environment. May be called again after whatever went wrong.
#   ./deploy.sh plan ENVIRONMENT       shows the change sets and makes nothing
#   ./deploy.sh apply ENVIRONMENT      makes the change sets, asks, carries them out
#   ./deploy.sh database ENVIRONMENT   makes the application's login in the database, once
#   ./deploy.sh drift ENVIRONMENT      finds what was changed by hand
#   ./deploy.sh teardown ENVIRONMENT   deletes the stacks in the reverse order; data stays
# YES=1 answers every question with yes.
set -euo pipefail
cd "$(dirname "$0")"

readonly application='@NAME@'
readonly region='@REGION@'
readonly edge_region=us-east-1  # CloudFront takes certificates and firewalls from there only
readonly nested='@NESTED@'
verb=${1:-} environment=${2:-}
case "$verb/$environment" in
  plan/dev|plan/stage|plan/prod|apply/dev|apply/stage|apply/prod) ;;
  database/dev|database/stage|database/prod) ;;
  drift/dev|drift/stage|drift/prod|teardown/dev|teardown/stage|teardown/prod) ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
readonly verb environment
readonly prefix=$application-$environment
readonly parameters=parameters.$environment.json
known=$(mktemp)    # parameters and outputs so far: {"Key": "Value"}
trap 'rm -f "$known" "$known".*' EXIT

fail() { echo "error: $*" >&2; exit 1; }
agree() {
  if [[ ${YES:-} == 1 ]]; then return; fi
  read -r -p "$1 [yes/no] " answer
  [[ $answer == yes ]] || fail "stopped"
}
region_of() { if [[ $1 == edge ]]; then echo "$edge_region"; else echo "$region"; fi; }
status_of() {  # status_of STACK: empty if there is none
  aws cloudformation describe-stacks --region "$(region_of "$1")" --stack-name "$prefix-$1" \
    --query 'Stacks[0].StackStatus' --output text 2>/dev/null || true
}
exists() {  # exists STACK: made, not only planned
  local status
  status=$(status_of "$1")
  [[ -n $status && $status != REVIEW_IN_PROGRESS ]]
}
learn() {  # learn KEY VALUE
  jq --arg key "$1" --arg value "$2" '.[$key] = $value' "$known" >"$known.new"
  mv "$known.new" "$known"
}

prepare() {
  command -v jq >/dev/null || fail "jq is not installed"
  if grep -q FILL-IN "$parameters"; then
    grep FILL-IN -B1 "$parameters" >&2
    fail "$parameters has values to fill in"
  fi
  jq 'map({(.ParameterKey): .ParameterValue}) | add' "$parameters" >"$known"
  account=$(aws sts get-caller-identity --query Account --output text)
  bucket=$application-templates-$account-$region
  prefix_of_templates=$environment/$(cat templates/*.yaml | sha256sum | cut -c1-16)
  templates=https://$bucket.s3.$region.amazonaws.com/$prefix_of_templates
  learn TemplateBucket "$bucket"
  learn TemplatePrefix "$prefix_of_templates"
  learn CloudFrontPrefixListId "$(aws ec2 describe-managed-prefix-lists --region "$region" \
    --filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing \
    --query 'PrefixLists[0].PrefixListId' --output text)"
  if aws iam get-role --role-name AWSServiceRoleForAutoScaling >/dev/null 2>&1; then
    learn CreateAutoScalingRole false
  elif ! exists root; then
    learn CreateAutoScalingRole true
  fi
}

upload() {  # templates larger than 51,200 bytes can only be deployed from a bucket
  if ! aws s3api head-bucket --bucket "$bucket" 2>/dev/null; then
    aws s3 mb "s3://$bucket" --region "$region"
    aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
      BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
  fi
  aws s3 sync templates "s3://$bucket/$prefix_of_templates" --exclude 'json/*' --region "$region"
}

# Every parameter of the template that is known: by the parameter file or another stack's output.
parameters_for() {  # parameters_for STACK
  jq -n --slurpfile known "$known" --slurpfile template "templates/json/$1.template.json" '
    $template[0].Parameters // {} | keys
    | map(select($known[0][.] != null) | {ParameterKey: ., ParameterValue: $known[0][.]})'
}

type_of() {  # type_of STACK: whether a change set makes it or updates it
  local name=$prefix-$1 where status
  where=$(region_of "$1") status=$(status_of "$1")
  case $status in
    '' | REVIEW_IN_PROGRESS) echo CREATE ;;
    ROLLBACK_COMPLETE)  # it takes no update any more
      [[ $verb == apply ]] || fail "$name failed when it was first made: apply begins anew"
      agree "$name failed when it was first made, and holds nothing. Delete it and begin anew?"
      aws cloudformation delete-stack --region "$where" --stack-name "$name"
      aws cloudformation wait stack-delete-complete --region "$where" --stack-name "$name"
      echo CREATE ;;
    *_IN_PROGRESS) fail "$name is being changed: $status" ;;
    *_FAILED) fail "$name is in $status: see its events, then aws cloudformation help" ;;
    *) echo UPDATE ;;
  esac
}

make_set() {  # make_set STACK TYPE [OPTION]...: the change set's ARN
  local stack=$1 type=$2
  shift 2
  aws cloudformation create-change-set --region "$(region_of "$stack")" \
    --stack-name "$prefix-$stack" --change-set-type "$type" "$@" \
    --change-set-name "$application-$(date -u +%Y%m%d%H%M%S)-$RANDOM" \
    --template-url "$templates/$stack.template.yaml" --parameters "file://$known.parameters" \
    --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND \
    --tags Key=Application,Value="$application" Key=Environment,Value="$environment" \
    --query Id --output text
}

is_ready() {  # is_ready CHANGESET REGION: leaves the reason in $known.reason if it is not
  aws cloudformation wait change-set-create-complete --region "$2" --change-set-name "$1" \
    2>/dev/null && return 0
  aws cloudformation describe-change-set --region "$2" --change-set-name "$1" \
    --query StatusReason --output text >"$known.reason"
  aws cloudformation delete-change-set --region "$2" --change-set-name "$1"
  return 1
}

show() {  # show CHANGESET REGION: what changes, in nested stacks, too
  local changes nested
  changes=$(aws cloudformation describe-change-set --region "$2" --change-set-name "$1" \
    --output json)
  jq -r '.StackName as $stack | (.Changes // [])[].ResourceChange | select(.ChangeSetId == null)
    | [.Action, if .Replacement == "True" then "REPLACED" elif .Replacement == "Conditional" then
       "perhaps replaced" else "in place" end, $stack, .LogicalResourceId, .ResourceType]
    | @tsv' <<<"$changes"
  for nested in $(jq -r '(.Changes // [])[].ResourceChange.ChangeSetId // empty' \
      <<<"$changes"); do
    show "$nested" "$2"
  done
}

finished() {  # finished STACKNAME REGION: waits; whether it went well
  local status
  while status=$(aws cloudformation describe-stacks --region "$2" --stack-name "$1" \
      --query 'Stacks[0].StackStatus' --output text); do
    case $status in
      CREATE_COMPLETE | UPDATE_COMPLETE) return 0 ;;
      *_IN_PROGRESS) sleep 15 ;;  # a replacement of all servers may take hours
      *) return 1 ;;
    esac
  done
  return 1
}

change() {  # change STACK: makes the change set, shows it, carries it out
  local stack=$1 name=$prefix-$1 where type options=() set
  where=$(region_of "$stack")
  type=$(type_of "$stack")
  # When a stack is made, what its nested stacks will give one another is not known, and
  # CloudFormation refuses change sets of theirs.
  if [[ $type == UPDATE ]]; then options=(--include-nested-stacks); fi
  parameters_for "$stack" >"$known.parameters"
@WATCH@  set=$(make_set "$stack" "$type"@WATCHED@ "${options[@]}")
  until is_ready "$set" "$where"; do
    if grep -qE "didn't contain changes|No updates" "$known.reason"; then
      echo "$name: nothing to change"
      return
    fi
    [[ ${#options[@]} -gt 0 ]] || fail "$name: no change set: $(cat "$known.reason")"
    echo "note: what changes in nested stacks cannot be shown: $(cat "$known.reason")"
    options=()
    set=$(make_set "$stack" "$type"@WATCHED@)
  done
  show "$set" "$where"
  if [[ $verb == plan ]]; then
    aws cloudformation delete-change-set --region "$where" --change-set-name "$set"
    return
  fi
  agree "Carry out this change set of $name?"
  aws cloudformation execute-change-set --region "$where" --change-set-name "$set"
  finished "$name" "$where" ||
    fail "$name did not complete; the reason is in its events, a nested stack's in the nested one's"
  protect "$name" "$where"
}

protect() {  # protect STACKNAME REGION
  aws cloudformation update-termination-protection --region "$2" --stack-name "$1" \
    --enable-termination-protection >/dev/null
  aws cloudformation set-stack-policy --region "$2" --stack-name "$1" \
    --stack-policy-body file://stack-policy.json
}

outputs_of() {  # outputs_of STACK: later stacks know them
  exists "$1" || return 0
  aws cloudformation describe-stacks --region "$(region_of "$1")" --stack-name "$prefix-$1" \
    --query 'Stacks[0].Outputs' --output json |
    jq --slurpfile known "$known" '
      $known[0] + ((. // []) | map({(.OutputKey): .OutputValue}) | add // {})' >"$known.new"
  mv "$known.new" "$known"
}

protect_nested() {  # the stack policy holds for each nested stack by itself
  local id
  for id in $(aws cloudformation list-stack-resources --region "$region" \
      --stack-name "$prefix-root" --output text --query \
      "StackResourceSummaries[?ResourceType=='AWS::CloudFormation::Stack'].PhysicalResourceId"); do
    aws cloudformation set-stack-policy --region "$region" --stack-name "$id" \
      --stack-policy-body file://stack-policy.json
  done
}

unprotect() {  # database and balancer refuse to be deleted, whoever asks
  outputs_of root
  local database balancer
  database=$(jq -r '.DatabaseIdentifier // empty' "$known")
  balancer=$(jq -r '.BalancerArn // empty' "$known")
  if [[ -n $database ]]; then
    agree "Let the database $database go? A last snapshot of it stays."
    aws rds modify-db-instance --region "$region" --db-instance-identifier "$database" \
      --no-deletion-protection --apply-immediately >/dev/null || echo "note: $database is gone"
  fi
  if [[ -n $balancer ]]; then
    aws elbv2 modify-load-balancer-attributes --region "$region" \
      --load-balancer-arn "$balancer" \
      --attributes Key=deletion_protection.enabled,Value=false >/dev/null ||
      echo "note: the balancer is gone"
  fi
}

forward() {  # forward HOST PORT: this machine's PORT leads to HOST:5432, by a web server
  local server
  server=$(aws autoscaling describe-auto-scaling-groups --region "$region" --output text \
    --auto-scaling-group-names "$(jq -r .ScalingGroupName "$known")" --query \
    "AutoScalingGroups[0].Instances[?LifecycleState=='InService'] | [0].InstanceId")
  [[ $server == i-* ]] || fail "no web server is in service: nothing else reaches the database"
  aws ssm start-session --region "$region" --target "$server" \
    --document-name AWS-StartPortForwardingSessionToRemoteHost \
    --parameters "host=$1,portNumber=5432,localPortNumber=$2" >"$known.session" 2>&1 &
  until grep -q 'Waiting for connections' "$known.session"; do
    kill -0 $! 2>/dev/null || fail "no session to $server: $(cat "$known.session")"
    sleep 1
  done
  trap 'end_session; rm -f "$known" "$known".*' EXIT
}
end_session() {
  aws ssm terminate-session --region "$region" --session-id \
    "$(sed -n 's/^Starting session with SessionId: *//p' "$known.session")" >/dev/null || true
}

make_login() {  # database.sql as the owner; the password goes from Secrets Manager to psql only
  local host port=${LOCAL_PORT:-15432} owner
  command -v psql >/dev/null || fail "psql, PostgreSQL's client, is not installed"
  command -v session-manager-plugin >/dev/null ||
    fail "the Session Manager plugin of the AWS CLI is not installed"
  outputs_of root
  host=$(jq -r '.DatabaseEndpoint // empty' "$known")
  [[ -n $host ]] || fail "$prefix-root is not there: apply first"
  curl --silent --show-error --fail --output "$known.authorities" \
    "https://truststore.pki.rds.amazonaws.com/$region/$region-bundle.pem"
  forward "$host" "$port"
  owner=$(aws secretsmanager get-secret-value --region "$region" --output text \
    --secret-id "$(jq -r .DatabaseOwnerSecretArn "$known")" --query SecretString)
  export PGPASSWORD PGUSER PGHOST=$host PGHOSTADDR=127.0.0.1 PGPORT=$port PGDATABASE=shop \
    PGSSLMODE=verify-full PGSSLROOTCERT=$known.authorities
  PGUSER=$(jq -r .username <<<"$owner") PGPASSWORD=$(jq -r .password <<<"$owner")
  psql --no-psqlrc --quiet --file database.sql || fail "database.sql did not run to its end"
  echo "$host: the application's login is made"
}

after() {  # what no template can say
  local database
  database=$(jq -r .DatabaseIdentifier "$known")
  for log in postgresql upgrade; do  # RDS makes these groups and keeps them for ever
    aws logs put-retention-policy --region "$region" --retention-in-days @LOG_DAYS@ \
      --log-group-name "/aws/rds/instance/$database/$log" 2>/dev/null ||
      echo "note: /aws/rds/instance/$database/$log does not exist yet; run apply again later"
  done
}

case $verb in
  plan|apply)
    prepare
    upload
    for stack in root edge observability; do
      change "$stack"
      if [[ $verb == plan ]] && ! exists "$stack"; then
        echo "note: the stacks after $stack can be planned once it exists"
        break
      fi
      if [[ $stack == root && $verb == apply ]]; then protect_nested; fi
      outputs_of "$stack"
    done
    if [[ $verb == apply ]]; then after; fi
    ;;
  database)
    echo '{}' >"$known"
    make_login
    ;;
  drift)
    for stack in root edge observability; do
      id=$(aws cloudformation detect-stack-drift --region "$(region_of "$stack")" \
        --stack-name "$prefix-$stack" --query StackDriftDetectionId --output text)
      until status=$(aws cloudformation describe-stack-drift-detection-status \
          --region "$(region_of "$stack")" --stack-drift-detection-id "$id" --output json) &&
          [[ $(jq -r .DetectionStatus <<<"$status") != DETECTION_IN_PROGRESS ]]; do
        sleep 5
      done
      echo "$prefix-$stack: $(jq -r .StackDriftStatus <<<"$status")"
    done
    ;;
  teardown)
    echo '{}' >"$known"
    agree "Delete the stacks of $prefix? Buckets, keys, files, secrets and snapshots stay."
    unprotect
    for stack in observability edge root; do  # the reverse of the order they were made in
      [[ -n $(status_of "$stack") ]] || continue
      aws cloudformation update-termination-protection --region "$(region_of "$stack")" \
        --stack-name "$prefix-$stack" --no-enable-termination-protection >/dev/null
      echo "deleting $prefix-$stack"
      aws cloudformation delete-stack --region "$(region_of "$stack")" --stack-name "$prefix-$stack"
      aws cloudformation wait stack-delete-complete --region "$(region_of "$stack")" \
        --stack-name "$prefix-$stack" ||
        fail "$prefix-$stack is not gone: README.md, section Teardown, names the usual causes"
    done
    ;;
esac
)SH";

/// Alarms that take an update of the servers back. They exist from the second deployment on.
constexpr std::string_view kWatch = R"SH(  local alarm alarms=(@ALARMS@) triggers='' watch=()
  if [[ $stack == root && $type == UPDATE ]]; then  # these alarms take a bad version back
    for alarm in "${alarms[@]}"; do
      triggers+="{Arn=arn:aws:cloudwatch:$where:$account:alarm:$prefix-$alarm,"
      triggers+='Type=AWS::CloudWatch::Alarm},'
    done
    watch=(--rollback-configuration
      "RollbackTriggers=[${triggers%,}],MonitoringTimeInMinutes=@MONITORING@")
  fi
)SH";

void replace(std::string& text, std::string_view what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what)) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

std::string deploy_script(const Design& design, const std::vector<Stack>& stacks) {
  std::string nested;
  for (const Stack& stack : stacks) {
    if (stack.name == "root" || stack.name == "edge" || stack.name == "observability") continue;
    nested += (nested.empty() ? "" : " ") + stack.name;
  }
  std::string script(kScript);
  replace(script, "readonly nested='@NESTED@'\n",
          "# Nested in root, in this order: " + nested + ".\n");
  const models::DeploymentConfig& deployment = design.platform.web.deployment;
  std::string watched;
  for (const std::string& alarm : deployment.rollback_alarms) {
    if (!watched.empty()) watched += " ";
    watched += alarm;
  }
  replace(script, "@WATCH@", watched.empty() ? "" : std::string(kWatch));
  replace(script, "@WATCHED@", watched.empty() ? "" : " \"${watch[@]}\"");
  replace(script, "@ALARMS@", watched);
  replace(script, "@MONITORING@",
          std::to_string(deployment.monitoring_time.nanoseconds / 60'000'000'000));
  replace(script, "@NAME@", safe_name(design.platform.name));
  replace(script, "@REGION@", design.platform.region);
  replace(script, "@LOG_DAYS@",
          std::to_string(offered_retention(design.platform.monitoring.log_retention_days)));
  return script;
}

}  // namespace shopsim::generator
