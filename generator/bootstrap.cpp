#include "generator/bootstrap.hpp"

#include <string>
#include <string_view>

#include "generator/data_stack.hpp"

namespace shopsim::generator {

namespace {

// `${X}` is filled in when deploying, `$X` is the shell's.
constexpr std::string_view kBegin = R"SH(#!/bin/bash
# Starts one web server of ${AWS::StackName}. The log is /var/log/cloud-init-output.log and, once
# the agent runs, the application's log group.
set -euo pipefail
report() {  # tells CloudFormation whether this server came up
  /opt/aws/bin/cfn-signal --exit-code "$1" --stack '${AWS::StackName}' --resource WebServers \
    --region '${AWS::Region}' || true
}
trap 'report 1' ERR
dnf install -y aws-cfn-bootstrap amazon-cloudwatch-agent amazon-efs-utils

# What the application finds in its environment. Secrets are named here, never written.
install -d -m 0755 /etc/shop
cat > /etc/shop/environment <<'END'
)SH";

constexpr std::string_view kAgent = R"SH(END
useradd --system --create-home shop || true
install -d -o shop -g shop /var/log/shop
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \
  -c 'ssm:${AgentConfiguration}'
)SH";

constexpr std::string_view kFiles = R"SH(
# The name of a new mount target may take a while to resolve: keep trying for 5 minutes.
install -d /mnt/shared
options=_netdev,tls,iam,accesspoint=${FilesAccessPointId}
echo "${FilesId} /mnt/shared efs $options 0 0" >> /etc/fstab
for attempt in $(seq 60); do
  mountpoint -q /mnt/shared || mount /mnt/shared && break
  sleep 5
done
mountpoint -q /mnt/shared
)SH";

// Until the hook is completed the server is not in service.
constexpr std::string_view kHook = R"SH(
token=$(curl -sfX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' \
  http://169.254.169.254/latest/api/token)
instance=$(curl -sfH "X-aws-ec2-metadata-token: $token" \
  http://169.254.169.254/latest/meta-data/instance-id)
group=$(aws autoscaling describe-auto-scaling-instances --region '${AWS::Region}' --output text \
  --instance-ids "$instance" --query 'AutoScalingInstances[0].AutoScalingGroupName')
aws autoscaling complete-lifecycle-action --region '${AWS::Region}' --instance-id "$instance" \
  --auto-scaling-group-name "$group" --lifecycle-hook-name 'HOOK' \
  --lifecycle-action-result CONTINUE || true
)SH";

constexpr std::string_view kApplication = R"SH(
case '${ApplicationKind}' in
  container)
    dnf install -y docker
    systemctl enable --now docker
    case '${ApplicationImage}' in
      *.dkr.ecr.*) aws ecr get-login-password --region '${AWS::Region}' |
        docker login --username AWS --password-stdin "$(dirname '${ApplicationImage}')" ;;
    esac
    docker run --detach --name shop --restart always --env-file /etc/shop/environment \
      --log-driver awslogs --log-opt 'awslogs-region=${AWS::Region}' \
      --log-opt 'awslogs-group=${ApplicationLogGroup}' \
      --network host --volume /var/log/shop:/var/log/shop SHARED_VOLUME \
      '${ApplicationImage}'
    ;;
  package)  # a tar archive with an executable `start` at its top
    install -d /opt/shop
    aws s3 cp 's3://${ApplicationPackageBucket}/${ApplicationPackageKey}' /tmp/shop.tar.gz \
      --region '${AWS::Region}'
    tar -xzf /tmp/shop.tar.gz -C /opt/shop
    ;;
  *)  # a page that says "alive", so that the platform comes up before there is an application
    install -d /opt/shop
    cat > /opt/shop/start <<'END'
#!/usr/bin/env python3
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"The platform is alive; no application is installed yet.\n")

ThreadingHTTPServer(("", PORT), Page).serve_forever()
END
    chmod 0755 /opt/shop/start
    ;;
esac
if [ '${ApplicationKind}' != container ]; then
  cat > /etc/systemd/system/shop.service <<'END'
[Unit]
Description=The shop
After=network-online.target remote-fs.target
[Service]
User=shop
EnvironmentFile=/etc/shop/environment
WorkingDirectory=/opt/shop
ExecStart=/opt/shop/start
StandardOutput=append:/var/log/shop/shop.log
StandardError=append:/var/log/shop/shop.log
Restart=always
NoNewPrivileges=yes
ProtectSystem=full
[Install]
WantedBy=multi-user.target
END
  systemctl daemon-reload
  systemctl enable --now shop
fi

# In service only when the application answers.
for attempt in $(seq 120); do
  if curl --silent --fail --output /dev/null 'http://127.0.0.1:PORTPATH'; then
    report 0
    exit 0
  fi
  sleep 5
done
report 1
)SH";

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

/// A text of the user inside single quotes of the shell, and for no placeholder.
std::string for_shell(std::string_view user_text) {
  std::string result = literally(user_text);
  replace_all(result, "'", "'\\''");
  return result;
}

}  // namespace

Value bootstrap_script(const models::Platform& platform) {
  std::string script(kBegin);
  script += "AWS_REGION=${AWS::Region}\nENVIRONMENT=${Environment}\nPORT=" +
            platform.web.application_port + "\nDATABASE_HOST=${DatabaseHost}\n"
            "DATABASE_PORT=5432\nDATABASE_NAME=shop\nDATABASE_USER=" + kDatabaseUser + "\n"
            "DATABASE_POOL_SIZE=" + std::to_string(platform.database.pool.connections) + "\n";
  if (platform.cache.enabled) {
    script += "CACHE_HOST=${CacheHost}\nCACHE_PORT=6379\n";
    if (platform.cache.authentication) script += "CACHE_SECRET_ARN=${CacheLoginArn}\n";
  }
  script += "APPLICATION_SECRET_ARN=${ApplicationKeysArn}\n";
  if (platform.shared_files.enabled) script += "SHARED_FILES=/mnt/shared\n";
  if (platform.tracing.enabled) script += "AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:2000\n";
  script += kAgent;
  if (platform.shared_files.enabled) script += kFiles;
  std::string application(kApplication);
  replace_all(application, " SHARED_VOLUME", platform.shared_files.enabled
                                                 ? " --volume /mnt/shared:/mnt/shared" : "");
  replace_all(application, "PORTPATH",
              platform.web.application_port + for_shell(platform.web.health_check_path));
  replace_all(application, "PORT", platform.web.application_port);
  script += application;
  for (const models::LifecycleHookConfig& hook : platform.web.scaling.lifecycle_hooks) {
    if (hook.transition != models::HookTransition::launching) continue;
    std::string done(kHook);
    replace_all(done, "HOOK", for_shell(hook.name));
    script += done;
  }
  return Base64{text(script)};
}

Value agent_configuration(const models::Platform& platform) {
  std::string json = R"({
  "agent": {"metrics_collection_interval": 60},
  "metrics": {
    "namespace": "CWAgent",
    "append_dimensions": {"AutoScalingGroupName": "${!aws:AutoScalingGroupName}"},
    "aggregation_dimensions": [["AutoScalingGroupName"]],
    "metrics_collected": {
      "mem": {"measurement": ["mem_used_percent"]},
      "disk": {"measurement": ["disk_used_percent"], "resources": ["/"]}
    }
  },
  "logs": {"logs_collected": {"files": {"collect_list": [
    {"file_path": "/var/log/shop/*.log", "log_group_name": "${ApplicationLogGroup}",
     "log_stream_name": "{instance_id}/application"},
    {"file_path": "/var/log/cloud-init-output.log", "log_group_name": "${ApplicationLogGroup}",
     "log_stream_name": "{instance_id}/bootstrap"}
  ]}}})";
  if (platform.tracing.enabled) {
    json += R"(,
  "traces": {"traces_collected": {"xray": {"bind_address": "127.0.0.1:2000"}}})";
  }
  return text(json + "\n}\n");
}

}  // namespace shopsim::generator
