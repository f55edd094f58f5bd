/// The small records of all replications as tables of the results file.
#include <cmath>

#include "analysis/results_writer.hpp"
#include "analysis/units.hpp"
#include "analysis/store_counts.hpp"
#include "analysis/usage_table.hpp"

namespace shopsim::analysis {
namespace {

using models::RunSummary;

/// One column from every record of a list in RunSummary, with the replication it belongs to.
template <class Value, class Record, class Get>
Column column(std::string name, std::span<const Replication> all,
              std::vector<Record> RunSummary::* list, Get get) {
  std::vector<Value> values;
  for (const auto& replication : all) {
    for (const auto& record : replication.summary.*list) values.push_back(get(record));
  }
  return {std::move(name), std::move(values)};
}

template <class Record>
std::vector<Column> leading_columns(std::span<const Replication> all,
                                    std::vector<Record> RunSummary::* list) {
  std::vector<std::uint64_t> number;
  for (std::size_t r = 0; r < all.size(); ++r) {
    number.insert(number.end(), (all[r].summary.*list).size(), r);
  }
  std::vector<Column> columns;
  columns.push_back({"replication", std::move(number)});
  columns.push_back(
      column<double>("time_s", all, list, [](const Record& r) { return to_seconds(r.time); }));
  return columns;
}

template <class Record>
Column text(std::string name, std::span<const Replication> all,
            std::vector<Record> RunSummary::* list, std::string Record::* member) {
  return column<std::string>(std::move(name), all, list,
                             [member](const Record& r) { return r.*member; });
}

NamedTable scaling_table(std::span<const Replication> all) {
  using Record = models::ScalingActivityRecord;
  auto columns = leading_columns(all, &RunSummary::scaling);
  columns.push_back(text("group", all, &RunSummary::scaling, &Record::group));
  columns.push_back(text("description", all, &RunSummary::scaling, &Record::description));
  columns.push_back(text("cause", all, &RunSummary::scaling, &Record::cause));
  columns.push_back(text("status", all, &RunSummary::scaling, &Record::status));
  return {"scaling_activities", {std::move(columns)}};
}

NamedTable alarm_table(std::span<const Replication> all) {
  using Record = models::AlarmChangeRecord;
  auto columns = leading_columns(all, &RunSummary::alarms);
  columns.push_back(text("alarm", all, &RunSummary::alarms, &Record::alarm));
  columns.push_back(text("from", all, &RunSummary::alarms, &Record::from));
  columns.push_back(text("to", all, &RunSummary::alarms, &Record::to));
  columns.push_back(text("reason", all, &RunSummary::alarms, &Record::reason));
  return {"alarms", {std::move(columns)}};
}

NamedTable fault_table(std::span<const Replication> all) {
  using Record = models::FaultRecord;
  auto columns = leading_columns(all, &RunSummary::faults);
  columns.push_back(text("name", all, &RunSummary::faults, &Record::name));
  columns.push_back(text("kind", all, &RunSummary::faults, &Record::kind));
  columns.push_back(text("phase", all, &RunSummary::faults, &Record::phase));
  columns.push_back(text("detail", all, &RunSummary::faults, &Record::detail));
  return {"faults", {std::move(columns)}};
}

NamedTable notification_table(std::span<const Replication> all) {
  using Record = models::NotificationRecord;
  auto columns = leading_columns(all, &RunSummary::notifications);
  columns.push_back(text("channel", all, &RunSummary::notifications, &Record::channel));
  columns.push_back(text("subject", all, &RunSummary::notifications, &Record::subject));
  return {"notifications", {std::move(columns)}};
}

NamedTable saturation_table(std::span<const Replication> all) {
  using Record = models::SaturationRecord;
  auto columns = leading_columns(all, &RunSummary::saturation);
  columns.push_back(text("resource", all, &RunSummary::saturation, &Record::resource));
  columns.push_back(column<double>("utilisation", all, &RunSummary::saturation,
                                   [](const Record& r) { return r.utilisation; }));
  columns.push_back(column<double>("queue_length", all, &RunSummary::saturation,
                                   [](const Record& r) { return r.queue_length; }));
  return {"saturation", {std::move(columns)}};
}

/// One row for each bot in each replication.
NamedTable bot_table(std::span<const Replication> all) {
  using models::BotSummary;
  std::vector<std::uint64_t> replications;
  std::vector<std::string> names;
  for (const auto& replication : all) {
    for (const BotSummary& bot : replication.summary.bots) {
      replications.push_back(replication.summary.replication);
      names.push_back(bot.name);
    }
  }
  Table table;
  table.columns.push_back({"replication", std::move(replications)});
  table.columns.push_back({"name", std::move(names)});
  const auto count = [&](std::string name, std::uint64_t BotSummary::* member) {
    std::vector<std::uint64_t> values;
    for (const auto& replication : all) {
      for (const BotSummary& bot : replication.summary.bots) values.push_back(bot.*member);
    }
    table.columns.push_back({std::move(name), std::move(values)});
  };
  count("sent", &BotSummary::sent);
  count("blocked_by_rate", &BotSummary::blocked_by_rate);
  count("recognised", &BotSummary::recognised);
  count("let_through", &BotSummary::let_through);
  count("answered", &BotSummary::answered);
  count("failed", &BotSummary::failed);
  std::vector<double> first_blocked;
  for (const auto& replication : all) {
    for (const BotSummary& bot : replication.summary.bots) {
      first_blocked.push_back(bot.first_blocked ? to_seconds(*bot.first_blocked - sim::Time{})
                                                : std::nan(""));
    }
  }
  table.columns.push_back({"first_blocked_s", std::move(first_blocked)});
  return {"bots", std::move(table)};
}

template <class Value, class Get>
Column summary_column(std::string name, std::span<const Replication> all, Get get) {
  std::vector<Value> values;
  for (const auto& replication : all) values.push_back(get(replication.summary));
  return {std::move(name), std::move(values)};
}

/// A running number and one whole number of the summary per replication.
Column total(std::string name, std::span<const Replication> all,
             std::uint64_t RunSummary::* member) {
  return summary_column<std::uint64_t>(std::move(name), all,
                                       [member](const RunSummary& s) { return s.*member; });
}

Column balance(std::string name, std::span<const Replication> all,
               std::uint64_t models::Conservation::* member) {
  return summary_column<std::uint64_t>(
      std::move(name), all, [member](const RunSummary& s) { return s.conservation.*member; });
}

NamedTable summary_table(std::span<const Replication> all) {
  using models::Conservation;
  Table table;
  auto& columns = table.columns;
  columns.push_back(summary_column<std::uint64_t>(
      "replication", all, [](const RunSummary& s) { return std::uint64_t{s.replication}; }));
  columns.push_back(total("events", all, &RunSummary::events));
  columns.push_back(total("dynamic_requests", all, &RunSummary::dynamic_requests));
  columns.push_back(total("image_requests", all, &RunSummary::image_requests));
  columns.push_back(total("image_misses", all, &RunSummary::image_misses));
  columns.push_back(total("images_failed", all, &RunSummary::images_failed));
  columns.push_back(total("images_stale", all, &RunSummary::images_stale));
  columns.push_back(total("cache_hits", all, &RunSummary::cache_hits));
  columns.push_back(total("cache_misses", all, &RunSummary::cache_misses));
  columns.push_back(total("replica_reads", all, &RunSummary::replica_reads));
  columns.push_back(total("stale_reads", all, &RunSummary::stale_reads));
  columns.push_back(total("orders_placed", all, &RunSummary::orders_placed));
  columns.push_back(total("orders_lost", all, &RunSummary::orders_lost));
  columns.push_back(summary_column<double>(
      "order_value_placed_usd", all,
      [](const RunSummary& s) { return to_dollars(s.order_value_placed); }));
  columns.push_back(summary_column<double>(
      "order_value_lost_usd", all,
      [](const RunSummary& s) { return to_dollars(s.order_value_lost); }));
  columns.push_back(balance("requests", all, &Conservation::requests));
  columns.push_back(balance("succeeded", all, &Conservation::succeeded));
  columns.push_back(balance("failed", all, &Conservation::failed));
  columns.push_back(balance("open_at_end", all, &Conservation::open_at_end));
  columns.push_back(balance("attempts", all, &Conservation::attempts));
  columns.push_back(balance("attempts_answered", all, &Conservation::attempts_answered));
  columns.push_back(balance("attempts_at_end", all, &Conservation::attempts_at_end));
  columns.push_back(balance("sessions", all, &Conservation::sessions));
  columns.push_back(total("fingerprint", all, &RunSummary::fingerprint));
  return {"summary", std::move(table)};
}

}  // namespace

std::vector<NamedTable> event_tables(std::span<const Replication> replications) {
  std::vector<NamedTable> tables;
  tables.push_back(scaling_table(replications));
  tables.push_back(alarm_table(replications));
  tables.push_back(fault_table(replications));
  tables.push_back(notification_table(replications));
  tables.push_back(saturation_table(replications));
  tables.push_back(bot_table(replications));
  tables.push_back(summary_table(replications));
  tables.push_back(usage_table(replications));
  tables.push_back(store_table(replications));
  return tables;
}

}  // namespace shopsim::analysis
