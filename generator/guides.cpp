// RUNBOOK.md and README.md of the deployment.
#include <algorithm>
#include <iterator>
#include <string>

#include "generator/alarms.hpp"
#include "generator/deploy_files.hpp"

namespace shopsim::generator {

namespace {

/// A user's text inside Markdown: nothing in it is markup.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      result += ' ';
      continue;
    }
    if (std::string_view("\\`*_{}[]<>()#|!").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

void alarm_section(std::string& page, const AlarmPlan& plan) {
  page += "\n## " + plan.config.name + "\n\n" + plan.meaning + "\n\n- Rings when: " +
          plain(condition_text(plan)) + "\n- Threshold: " + plain(plan.derivation) + "\n- First: " +
          plan.first_steps + '\n';
}

/// What stays under a name of its own, so that the same environment cannot be made again.
std::string kept_names(const std::vector<Stack>& stacks) {
  static constexpr const char* kNames[] = {"LogGroupName", "Name", "BackupVaultName"};
  std::string list;
  for (const Stack& stack : stacks) {
    for (const Resource& resource : stack.resources) {
      if (resource.on_removal != OnRemoval::retain) continue;
      const bool is_named = std::any_of(
          resource.properties.begin(), resource.properties.end(), [](const Entry& entry) {
            return std::any_of(std::begin(kNames), std::end(kNames),
                               [&](const char* name) { return entry.key == name; });
          });
      if (is_named) list += (list.empty() ? "" : ", ") + stack.name + '/' + resource.id;
    }
  }
  if (list.empty()) return {};
  return "\nBefore the same environment can be deployed again, these must be gone or be imported, "
         "because their\nnames are taken: " + list + ".\n";
}

/// What CloudFront takes from the objects themselves and no template can say.
std::string stale_images(const models::CdnConfig& cdn) {
  const auto line = [](const std::string& path, sim::Duration kept, sim::Duration revalidate,
                       const std::optional<sim::Duration>& if_error) {
    const auto seconds = [](sim::Duration d) {
      return std::to_string(d.nanoseconds / 1'000'000'000);
    };
    std::string text = "- " + plain(path) + ": `Cache-Control: max-age=" + seconds(kept);
    if (revalidate.nanoseconds > 0) text += ", stale-while-revalidate=" + seconds(revalidate);
    if (if_error) text += ", stale-if-error=" + seconds(*if_error);
    return text + "`\n";
  };
  std::string lines;
  bool is_needed = cdn.stale_while_revalidate.nanoseconds > 0 || cdn.stale_if_error.has_value();
  for (const models::CacheBehaviourConfig& one : cdn.behaviours) {
    is_needed = is_needed || one.stale_while_revalidate.nanoseconds > 0;
    lines += line(one.path_pattern, one.time_to_live, one.stale_while_revalidate,
                  cdn.stale_if_error);
  }
  lines += line("/images/*", cdn.image_time_to_live, cdn.stale_while_revalidate,
                cdn.stale_if_error);
  if (!cdn.enabled || !is_needed) return "";
  return "**Images.** CloudFront serves expired copies as the simulation assumed only where the "
         "object says so. Upload them with:\n\n" + lines + '\n';
}

}  // namespace

std::string runbook(const Design& design) {
  const AlarmSet regional = regional_alarms(design);
  const AlarmSet edge = edge_alarms(design);
  std::string page =
      "# Runbook\n\nOne section for each critical alarm: what it means, when it rings, what to do "
      "first. Names of\nalarms begin with `" + safe_name(design.platform.name) +
      "-<environment>-`. Open the dashboard first: its rows follow the\nquestions in the order in "
      "which they are worth asking.\n";
  for (const CompositePlan& plan : regional.composites) {
    if (plan.severity != models::AlarmSeverity::critical) continue;
    page += "\n## " + plan.name + "\n\n" + plan.meaning + "\n\n- First: " + plan.first_steps + '\n';
  }
  for (const AlarmSet* set : {&regional, &edge}) {
    for (const AlarmPlan& plan : set->alarms) {
      if (plan.config.severity == models::AlarmSeverity::critical && !plan.silent) {
        alarm_section(page, plan);
      }
    }
  }
  page += R"(
## Changing the cache's token

1. Put the new token into the secret (`aws secretsmanager put-secret-value`), 16 to 128 printable
   characters without `@`, `"` and `/`.
2. `aws elasticache modify-replication-group --auth-token NEW --auth-token-update-strategy ROTATE
   --apply-immediately`: both tokens hold.
3. Refresh the web servers (`aws autoscaling start-instance-refresh`): they read the new one.
4. The same command with `--auth-token-update-strategy SET`: the old one is gone.

## Restoring the database

1. Latest moment: restore to a point in time beside the old instance, check it, then deploy the data
   stack with `DatabaseSnapshotIdentifier` set to a snapshot of it. The old instance stays as a
   snapshot.
2. Older: the recovery points are in the vault of the backup stack.
)";
  return page;
}

std::string deployment_guide(const Design& design, const std::vector<Stack>& stacks) {
  const models::Platform& platform = design.platform;
  const std::string name = safe_name(platform.name);
  std::string page = "# Deploying " + plain(platform.name) +
                     "\n\nGenerated from `" + design.platform_file +
                     "`. Checked by rules, schemas, policy packs and an emulated deployment; never "
                     "deployed to\na real account by the generator. `TRACE.md` says why each part "
                     "is there, `ALARMS.md` when each alarm\nrings, `RUNBOOK.md` what to do "
                     "then.\n";
  page += "\n## Stacks, in the order they are made\n\n| stack | where | what |\n|---|---|---|\n";
  for (const Stack& stack : stacks) {
    const bool nested = stack.name != "root" && stack.name != "edge" &&
                        stack.name != "observability";
    page += "| " + stack.name + " | " +
            (nested ? "nested in root" : stack.name == "edge" ? "us-east-1" : platform.region) +
            " | " + stack.description + " |\n";
  }
  page += "\n## Once, by hand\n\n"
          "1. **Zone.** Make a public hosted zone for `" + platform.dns.domain +
          "` in Route 53 and delegate it at your\n   registrar. Certificates wait until that is "
          "done: deploy only after `dig NS` answers.\n"
          "2. **Text messages.** New accounts are in SNS's sandbox: verify the phone numbers or "
          "ask to leave it.\n   The account's monthly limit is 1 USD at first, some ten to a "
          "hundred messages by country, and beyond it SNS\n   sends none, without an error: have "
          "it raised (SNS console, text messaging, account spend limit; the\n   increase is a "
          "support "
          "case) and set `TextMessageSpendThreshold` in each `parameters.*.json` to 80 % of it.\n"
          "   Some countries need an origination number, and some regions send no text messages at "
          "all: see\n   \"Supported Regions and countries\" in SNS's guide.\n"
          "3. **Quotas.** " + std::to_string(platform.network.zones.size()) +
          " elastic IPs (5 a region at first), " +
          std::to_string(platform.web.scaling.maximum) + " servers of `" +
          platform.web.instance_type + "` in vCPUs, and the rules of a security\n   group: "
          "CloudFront's prefix list counts as 55 of 60.\n"
          "4. **Singletons.** An account has one GuardDuty detector, Config recorder, Macie "
          "session "
          "and Security Hub\n   per region. Where they exist, set `Enable...` to `false`.\n"
          "5. **One account for each environment** is what the budget expects: it counts the whole "
          "account, as costs\n   by tag appear only after the tags `Application` and "
          "`Environment` were activated in the billing console.\n";
  page += "\n## Deploy\n\n```\n"
          "$EDITOR parameters.prod.json      # replace every FILL-IN\n"
          "./deploy.sh plan prod             # shows what would happen\n"
          "./deploy.sh apply prod            # asks before each stack\n```\n\n"
          "Then **confirm the subscription mails** (each address, both regions): until then no "
          "alarm "
          "arrives.\nTest it: `aws cloudwatch set-alarm-state --alarm-name " + name +
          "-prod-shop-is-down --state-value ALARM\n--state-reason test`.\n\n"
          "The platform comes up with a page that says it is alive. To run your application set "
          "`ApplicationKind` to\n`container` (and `ApplicationImage`) or `package` (and "
          "`ApplicationPackageBucket`, `ApplicationPackageKey`).\nIt listens on port " +
          platform.web.application_port + ", answers `" + plain(platform.web.health_check_path) +
          "` with 200 when healthy, and finds hosts and ARNs of secrets in\n"
          "its environment. CloudFront takes `/images/...` from the bucket of product images, "
          "where keys begin with\n`images/` too; everything else comes from the servers.\n\n" +
          stale_images(platform.cdn) +
          "**The application's login.** Once for each environment, before the application uses the "
          "database:\n\n```\n./deploy.sh database prod         # runs database.sql as the owner, "
          "through a web server\n```\n\n"
          "It needs `psql` and the Session Manager plugin here, and the right to read the owner's "
          "secret: only people\nhave it, no server. The login has no password. For each new "
          "connection the application asks an AWS SDK for a\ntoken (`aws rds "
          "generate-db-auth-token`, no call to AWS) of host, port 5432 and `DATABASE_USER`, and "
          "gives it as the\npassword, over TLS with the server's name checked"
          + std::string(platform.database.proxy.enabled
                ? " (the proxy's certificate is Amazon's own)"
                : " (`sslmode=verify-full` and RDS's bundle of\nauthorities)") +
          ". A token holds for 15 minutes, a connection as long as you like.\n\n"
          "`dev` and `stage` are smaller. Thresholds of alarms that depend on a machine follow: "
          "each is the same share\nof its machine as in production (`...Threshold` in "
          "`parameters.*.json`). They tell the same people: give these\nenvironments their own "
          "`AlertPhone...`.\n";
  page += "\n## Change\n\nChange the platform file and generate again; `./deploy.sh plan` shows "
          "what "
          "is updated and what would be\n*replaced*, nested stacks included. The stack policy "
          "refuses to replace or delete what holds data. If a\ndeployment fails, CloudFormation "
          "rolls back by itself; a nested stack's reason is in the nested stack's\nevents. A first "
          "deployment that failed leaves nothing behind: `./deploy.sh apply` begins anew.\n";
  page += "\n## Teardown\n\n`./deploy.sh teardown ENVIRONMENT` deletes observability, edge and "
          "root "
          "in that order, after it\nasked, and switches off the deletion protection of database "
          "and balancer before. Buckets, keys, secrets,\nlog groups, file system, vault and final "
          "snapshots stay on purpose: delete them by hand when nobody will\nask again. If a stack "
          "does not go, call it again: endpoints may hold network interfaces for up to 40\n"
          "minutes.\n" +
          kept_names(stacks);
  return page;
}

}  // namespace shopsim::generator
