/// Settings that follow from several facts by arithmetic. Each has a rule's name and a reason.
#include <algorithm>
#include <cmath>

#include "requirements/builder.hpp"
#include "sim/decimal.hpp"
#include "sim/quantity.hpp"

namespace shopsim::requirements {

namespace {

constexpr double kSecondsOfDay = 86400;
constexpr double kVisitSeconds = 84;     // 12 pages, 7 s each: the scenario's defaults
constexpr double kPagesPerVisit = 12;
constexpr double kBusiestHour = 1.534;   // of hourly_shape: largest weight 1.58 over mean 1.03
constexpr double kUsableConnections = 1320;  // 80 % of what db.m7g.xlarge, the default, accepts
constexpr double kPoolConnections = 30;      // the platform's default for one web server
constexpr std::int64_t kMostZones = 4;
constexpr double kGibibyte = 1073741824.0;

class Computation {
 public:
  Computation(Builder& builder, const BuildInput& input, sim::Diagnostics& diagnostics)
      : builder_(builder), facts_(input.facts), sentences_(input.sentences), rules_(input.rules),
        diagnostics_(diagnostics), input_(input) {}

  void run() {
    zones();
    servers();
    disk();
    traffic();
    promises();
    backups();
    logs();
    addresses();
    head();
  }

 private:
  /// A setting with a rule's name; clauses are those of the facts behind it.
  void set(const std::string& path, const std::string& value, const std::string& rule,
           const std::string& why, const std::vector<std::size_t>& clauses) {
    builder_.set({path, value, {}, rule, why, clauses});
  }

  [[nodiscard]] std::vector<std::size_t> clauses_of(std::string_view name) const {
    const Fact* fact = facts_.find(name);
    return fact == nullptr ? std::vector<std::size_t>{} : fact->clauses;
  }

  void error(const Fact& fact, const std::string& code, const std::string& message,
             const std::string& hint) {
    const Clause& clause = sentences_[fact.clauses.front()].reading.clause;
    diagnostics_.error(code, {clause.file, clause.line, 0}, message, hint);
  }

  void zones() {
    std::int64_t count = facts_.holds("network.single_zone") ? 1 : 2;
    if (const Fact* zones = facts_.find("network.zones"); zones != nullptr && zones->value) {
      count = static_cast<std::int64_t>(*zones->value);
      const Fact* two = facts_.find("network.two_zones");
      if (count < 1 || count > kMostZones) {
        error(*zones, "zone-count",
              std::to_string(count) + " availability zones are asked for; 1 to 4 can be had",
              "ask for two or three");
        return;
      }
      if (count == 1 && two != nullptr) {
        error(*zones, "contradiction",
              "one zone is asked for in " + places_text(sentences_, zones->clauses) +
                  ", but two are needed: " + two->why + " (" +
                  places_text(sentences_, two->clauses) + ")",
              "decide between them in the document; nothing was written");
      }
    }
    for (std::int64_t i = 0; i < count; ++i) {
      const std::string zone = "us-east-1" + std::string(1, static_cast<char>('a' + i));
      builder_.keep("network.zones[" + zone + "]", {});
    }
  }

  void servers() {
    const Fact* least = facts_.find("servers.count.minimum");
    const Fact* most = facts_.find("servers.count.maximum");
    constexpr double kMostServers = 500;
    for (const Fact* bound : {least, most}) {
      if (bound == nullptr || !bound->value) continue;
      if (*bound->value >= 1 && *bound->value <= kMostServers &&
          *bound->value == std::floor(*bound->value)) {
        continue;
      }
      error(*bound, "server-count",
            value_text("count", *bound->value) + " web servers are asked for; 1 to 500 can be had",
            "write e.g. `2 to 8 servers`");
      return;
    }
    double low = least != nullptr && least->value ? *least->value : 2;
    double high = most != nullptr && most->value ? *most->value : std::max(8.0, low);
    if (least == nullptr) low = std::min(low, high);
    if (facts_.holds("servers.redundant") && low < 2) {
      const Fact& redundant = *facts_.find("servers.redundant");
      error(redundant, "contradiction",
            "one web server is allowed in " +
                places_text(sentences_, (least != nullptr ? least : most)->clauses) +
                ", but " + places_text(sentences_, redundant.clauses) +
                " needs two: " + redundant.why,
            "decide between them in the document; nothing was written");
      return;
    }
    const std::vector<std::size_t> clauses = clauses_of("servers.count.minimum");
    const std::string bounds = "a start inside the bounds";
    if (least == nullptr) set("web.scaling.minimum", text(low), "scaling-bounds", bounds, {});
    if (most == nullptr) set("web.scaling.maximum", text(high), "scaling-bounds", bounds, {});
    set("web.scaling.desired", text(std::clamp(4.0, low, high)), "scaling-bounds", bounds,
        clauses);
    if (high * kPoolConnections > kUsableConnections) {
      set("database.pool.connections", text(std::max(1.0, std::floor(kUsableConnections / high))),
          "pools-fit-the-database", "all servers together may not ask for more connections than "
          "the database accepts", clauses_of("servers.count.maximum"));
    }
    set("alarms[servers-in-service].threshold", text(low), "fewer-than-minimum",
        "fewer servers than the minimum for ten minutes means that replacing them fails", clauses);
  }

  void disk() {
    const Fact* storage = facts_.find("database.storage");
    if (storage == nullptr || !storage->value) return;
    const double bytes = *storage->value;
    if (bytes < 20e9 || bytes > 65e12) {
      error(*storage, "storage-size",
            value_text("bytes", bytes) + " are asked for the database; 20 GB to 65 TB can be had",
            "RDS disks of type gp3 have 20 GiB to 64 TiB");
      return;
    }
    const bool striped = bytes / kGibibyte >= 400;
    const std::string why = striped
        ? "from 400 GiB on gp3 stripes four volumes: at least 12,000 IOPS and 500 MiB/s "
          "(S-RDS-STOR)"
        : "below 400 GiB gp3 gives 3,000 IOPS and 125 MiB/s, not to be changed (S-RDS-STOR)";
    const auto& clauses = storage->clauses;
    set("database.iops", striped ? "12000" : "3000", "gp3-by-size", why, clauses);
    set("database.throughput", striped ? "500 MiB/s" : "125 MiB/s", "gp3-by-size", why, clauses);
    set("database.storage_maximum",
        sim::to_text(sim::Bytes{static_cast<std::int64_t>(std::min(2 * bytes, 65.9e12))}),
        "room-to-grow", "the disk may grow to twice its size by itself", clauses);
    set("alarms[database-storage].threshold", text(std::floor(bytes / 10)), "a-tenth-free",
        "an alarm when less than a tenth of the disk is free", clauses);
    builder_.keep("alarms[database-storage]", {"rule:a-tenth-free"});
    builder_.keep("alarms[database-connections]", {"rule:database-watched"});
  }

  /// Little's law: visitors at the same time = visits a second x their length.
  void traffic() {
    const Fact* concurrent = facts_.find("traffic.concurrent_users");
    const Fact* rate = facts_.find("traffic.requests_per_second");
    if (facts_.holds("traffic.visitors_per_day")) return;
    if (concurrent != nullptr && concurrent->value) {
      const double day = *concurrent->value / kVisitSeconds * kSecondsOfDay / kBusiestHour;
      set("scenario.traffic.sessions_per_day", text(std::round(day)), "visits-of-concurrent-users",
          "visitors at the same time = visits a second x 84 s; the busiest hour has 1.53 times "
          "the day's mean",
          concurrent->clauses);
    } else if (rate != nullptr && rate->value) {
      const double day = *rate->value / kPagesPerVisit * kSecondsOfDay / kBusiestHour;
      set("scenario.traffic.sessions_per_day", text(std::round(day)), "visits-of-requests",
          "a visit asks for 12 pages; the busiest hour has 1.53 times the day's mean",
          rate->clauses);
    }
  }

  void promises() {
    double tightest = 0;
    const Fact* reason = nullptr;
    for (const auto& [name, fact] : facts_.held) {
      const FactConfig* config = rules_.find_fact(rule_name(name));
      if (config == nullptr || config->promises.empty() || !fact.value) continue;
      for (const std::string& request_class : config->promises) {
        promise(request_class, percentile_of(name), *fact.value, fact);
      }
      const bool page = config->promises.front() != "image";
      if (page && (reason == nullptr || *fact.value < tightest)) {
        tightest = *fact.value;
        reason = &fact;
      }
    }
    if (reason == nullptr) return;
    set("alarms[slow-pages].threshold", text(0.8 * tightest), "warn-before-the-promise-breaks",
        "the alarm comes at four fifths of the tightest promise on pages", reason->clauses);
  }

  /// A class with a promise of its own is not judged by the one for all pages.
  [[nodiscard]] bool has_own(const std::string& request_class, const Fact& fact) const {
    if (rule_name(fact.name) != "pages.latency") return false;
    return std::any_of(facts_.held.begin(), facts_.held.end(), [&](const auto& held) {
      const FactConfig* config = rules_.find_fact(rule_name(held.first));
      return config != nullptr && config->promises.size() == 1 &&
             config->promises.front() == request_class;
    });
  }

  void promise(const std::string& request_class, double percentile, double limit,
               const Fact& fact) {
    if (has_own(request_class, fact)) return;
    const std::string p = sim::shortest_text(percentile);
    const std::string time =
        sim::to_text(sim::Duration{static_cast<std::int64_t>(std::llround(limit * 1e9))});
    const std::string name =
        (request_class == "image" ? "images" : request_class) + " p" + p;
    builder_.add_item("scenario.slos",
                      {{"name", name}, {"metric", "latency"}, {"request_class", request_class},
                       {"percentile", p}, {"limit_time", time}},
                      builder_.reasons_of(fact));
    builder_.set({"scenario.slos[" + name + "].limit_time", time, fact.name, {}, {},
                  fact.clauses});
  }

  /// The balancer's access logs need a bucket even where nobody asks for one.
  void logs() {
    for (const char* bucket : {"storage.images", "storage.uploads", "storage.backups_and_logs"}) {
      if (facts_.holds(bucket)) return;
    }
    builder_.keep("object_storage.buckets[backups]", {"rule:balancer-logs-need-a-bucket"});
  }

  /// RDS keeps its own backups for at most 35 days; AWS Backup keeps the older ones.
  void backups() {
    constexpr double kMostDays = 35;
    const Fact* retention = facts_.find("backup.retention");
    if (retention == nullptr || !retention->value || *retention->value <= kMostDays * 86400) return;
    set("database.backup_retention_days", text(kMostDays), "rds-keeps-35-days",
        "RDS keeps its backups for at most 35 days; the backup plan keeps older ones",
        retention->clauses);
  }

  void addresses() {
    const Fact* email = facts_.find("notify.email_address");
    const Fact* phone = facts_.find("notify.phone_number");
    if (email != nullptr) {
      builder_.set_list({"notifications.emails", joined(email->texts), email->name, {}, {},
                         email->clauses}, email->texts);
    }
    if (phone != nullptr) {
      builder_.set_list({"notifications.phones", joined(phone->texts), phone->name, {}, {},
                         phone->clauses}, phone->texts);
    } else if (facts_.holds("notify.email") && !facts_.holds("notify.phone")) {
      builder_.set_list({"notifications.phones", "[]", "notify.email", "no-phone-asked-for",
                         "nothing says that alarms go to a phone", clauses_of("notify.email")},
                        {});
    }
  }

  void head() {
    set("scenario.platform", input_.platform_file, "scenario-of-platform", "they belong together",
        {});
    set("scenario.question",
        "Does the shop of " + input_.documents + " keep the promises its requirements make?",
        "question-of-scenario", "what the run answers", {});
  }

  static std::string joined(const std::vector<std::string>& texts) {
    std::string text;
    for (const std::string& part : texts) text += (text.empty() ? "" : ", ") + part;
    return text;
  }

  static std::string text(double value) { return sim::shortest_text(value); }

  Builder& builder_;
  const FactBase& facts_;
  const std::vector<Understanding>& sentences_;
  const Rules& rules_;
  sim::Diagnostics& diagnostics_;
  const BuildInput& input_;
};

}  // namespace

void apply_computed(Builder& builder, const BuildInput& input, sim::Diagnostics& diagnostics) {
  Computation(builder, input, diagnostics).run();
}

}  // namespace shopsim::requirements
