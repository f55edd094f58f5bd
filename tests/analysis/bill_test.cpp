#include "analysis/bill.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "analysis/service_costs.hpp"

namespace shopsim::analysis {
namespace {

models::Catalogue catalogue() {
  sim::Diagnostics diagnostics;
  return *models::load_catalogue("us-east-1", {}, {}, diagnostics);
}

/// One hour of the default platform with four servers and a little of everything.
models::Usage one_hour() {
  models::Usage usage;
  usage.run_seconds = 3600;
  usage.web_instance_seconds = 4 * 3600;
  usage.cdn_bytes_to_viewers = 1e9;
  usage.cdn_requests = 1e6;
  return usage;
}

const BillItem& item(const Bill& bill, std::string_view service, std::string_view name) {
  const auto found = std::find_if(bill.items.begin(), bill.items.end(), [&](const BillItem& i) {
    return i.service == service && i.item.find(name) != std::string::npos;
  });
  EXPECT_NE(found, bill.items.end()) << service << ' ' << name;
  return *found;
}

TEST(Bill, ChargesTheInstanceHoursThatWereSimulated) {
  const models::Platform platform;
  const auto prices = catalogue();
  const Bill bill = make_bill(platform, prices, one_hour());
  const BillItem& web = item(bill, "EC2", "m7g.large hours");
  // 4 servers for 1 h of the run; 4 x 730 h in a month like it.
  EXPECT_DOUBLE_EQ(web.run_quantity, 4);
  EXPECT_DOUBLE_EQ(web.month_quantity, 2920);
  const double per_hour = prices.find_instance_type("m7g.large")->price_per_hour->dollars();
  EXPECT_NEAR(web.run->dollars(), 4 * per_hour, 1e-9);
  EXPECT_NEAR(web.month->dollars(), 2920 * per_hour, 1e-6);
  EXPECT_FALSE(web.is_fixed);
}

TEST(Bill, PricesThatFallWithVolumeAreAppliedStepByStep) {
  models::Usage usage = one_hour();
  // 73,000 GB a month: 10,240 at 0.085, 40,960 at 0.08, the rest (21,800) at 0.06.
  usage.cdn_bytes_to_viewers = 100e9;
  const Bill bill = make_bill({}, catalogue(), usage);
  const double month = 10'240 * 0.085 + 40'960 * 0.08 + 21'800 * 0.06;
  EXPECT_NEAR(item(bill, "CloudFront", "data to viewers").month->dollars(), month, 1e-6);
}

TEST(Bill, FixedPartsDoNotDependOnTheTraffic) {
  const Bill idle = make_bill({}, catalogue(), {.run_seconds = 3600});
  const Bill busy = make_bill({}, catalogue(), one_hour());
  for (std::size_t i = 0; i < idle.items.size(); ++i) {
    EXPECT_EQ(idle.items[i].item, busy.items[i].item);
    if (idle.items[i].is_fixed) {
      EXPECT_EQ(idle.items[i].month, busy.items[i].month) << idle.items[i].item;
    }
  }
}

TEST(Bill, ThroughputBeyondWhatTheStoredBytesIncludeIsBilled) {
  models::Platform platform;
  platform.shared_files.throughput_mode = models::SharedFilesThroughput::provisioned;
  platform.shared_files.stored = {100'000'000'000};
  platform.shared_files.provisioned_throughput = {8 * 25e6};
  // 100 GB include 5 MB/s; 20 of 25 MB/s cost 6 USD each.
  const Bill bill = make_bill(platform, catalogue(), one_hour());
  const BillItem& provisioned = item(bill, "EFS", "provisioned");
  EXPECT_NEAR(provisioned.month_quantity, 20, 1e-9);
  EXPECT_NEAR(provisioned.month->dollars(), 120, 1e-6);
  platform.shared_files.stored = {1'000'000'000'000};
  const Bill large = make_bill(platform, catalogue(), one_hour());
  EXPECT_EQ(item(large, "EFS", "provisioned").month->dollars(), 0);
}

TEST(Bill, EveryAddressOfANatGatewayIsBilled) {
  models::Platform platform;  // two zones: two nodes of the balancer, two gateways
  const auto addresses = [&platform] {
    const Bill bill = make_bill(platform, catalogue(), one_hour());
    return item(bill, "VPC", "IPv4").month_quantity;
  };
  EXPECT_DOUBLE_EQ(addresses(), 4 * 730);
  platform.network.nat.addresses = 3;
  EXPECT_DOUBLE_EQ(addresses(), 8 * 730);
}

TEST(Bill, AnUnknownPriceIsListedAndNeverCountedAsNothing) {
  const Bill bill = make_bill({}, catalogue(), one_hour());
  const BillItem& duty = item(bill, "GuardDuty", "");
  EXPECT_FALSE(duty.month.has_value());
  EXPECT_NE(std::find(bill.unknown.begin(), bill.unknown.end(),
                      "GuardDuty: events and data analysed"),
            bill.unknown.end());
}

TEST(Bill, ChargesInterfaceEndpointsByZoneAndTheLogsThatPassThem) {
  models::Platform platform;
  platform.network.endpoints = {"s3", "logs", "kms"};  // a gateway endpoint costs nothing
  models::Usage usage = one_hour();
  usage.log_bytes = 1e9;
  const Bill bill = make_bill(platform, catalogue(), usage);
  EXPECT_NEAR(item(bill, "VPC", "interface endpoint hours").month->dollars(), 2 * 2 * 7.3, 1e-6);
  EXPECT_NEAR(item(bill, "VPC", "interface endpoint data").month->dollars(), 7.3, 1e-6);
}

TEST(Bill, ChargesElasticFilesByWhatIsReadAndWritten) {
  models::Platform platform;
  models::Usage usage = one_hour();
  usage.file_bytes_read = 2e9;
  usage.file_bytes_written = 1e9;
  const Bill bill = make_bill(platform, catalogue(), usage);
  EXPECT_NEAR(item(bill, "EFS", "throughput, read").month->dollars(), 2 * 730 * 0.03, 1e-6);
  EXPECT_NEAR(item(bill, "EFS", "throughput, written").month->dollars(), 730 * 0.06, 1e-6);
}

TEST(Bill, KnowsThePriceOfATextMessageInOneCountryOnly) {
  models::Platform platform;
  models::Usage usage = one_hour();
  usage.notifications_phone = 2;
  platform.notifications.phones = {"+15550100100"};
  EXPECT_NEAR(item(make_bill(platform, catalogue(), usage), "SNS", "text").run->dollars(), 0.015,
              1e-6);
  platform.notifications.phones.push_back("+4915550100");
  EXPECT_FALSE(item(make_bill(platform, catalogue(), usage), "SNS", "text").run);
}

TEST(Bill, TheItemsAddUpExactly) {
  const Bill bill = make_bill({}, catalogue(), one_hour());
  sim::Money sum;
  for (const BillItem& i : bill.items) {
    if (i.month) sum += *i.month;
  }
  EXPECT_EQ(sum, bill.month);
}

TEST(Bill, SingleZoneDatabasesCostLess) {
  models::Platform single;
  single.database.multi_az = false;
  const auto prices = catalogue();
  EXPECT_LT(make_bill(single, prices, one_hour()).month, make_bill({}, prices, one_hour()).month);
}

TEST(Bill, WithoutCloudFrontTheViewersBytesLeaveTheRegionAtItsPrice) {
  models::Platform bare;
  bare.cdn.enabled = false;
  models::Usage usage = one_hour();
  usage.balancer_bytes = 1e9;
  usage.bucket_bytes_out = 3e9;  // 4 GB in the hour, 2920 GB a month: all in the first step
  const Bill bill = make_bill(bare, catalogue(), usage);
  EXPECT_NEAR(item(bill, "VPC", "to the internet").month->dollars(), 2920 * 0.09, 1e-6);
  for (const BillItem& i : bill.items) EXPECT_NE(i.service, "CloudFront");
}

TEST(Bill, TheIntervalComesFromTheReplications) {
  const auto prices = catalogue();
  std::vector<Bill> bills;
  for (const double hours : {3.0, 4.0, 5.0}) {
    models::Usage usage = one_hour();
    usage.web_instance_seconds = hours * 3600;
    bills.push_back(make_bill({}, prices, usage));
  }
  const BillSummary summary = summarize_bills(bills);
  EXPECT_EQ(summary.month.samples, 3U);
  EXPECT_GT(summary.month.half_width, 0);
  EXPECT_NEAR(summary.month.mean, bills[1].month.dollars(), 1e-6);  // 4 is the mean of 3, 4, 5
  const auto web_line = std::ranges::find_if(summary.lines, [](const auto& line) {
    return line.item.item == "m7g.large hours";
  });
  ASSERT_NE(web_line, summary.lines.end());
  const auto& web = *web_line;
  EXPECT_NEAR(web.item.run_quantity, 4, 1e-9);
  EXPECT_NEAR(web.item.month_quantity, 4 * 730, 1e-9);
  EXPECT_NEAR(web.item.month_quantity * web.item.unit_price->dollars(), web.month.mean, 1e-4);
}

TEST(Bill, TheIntervalOfASumIsThatOfTheReplicationsSums) {
  // Servers rise as requests fall: the sum varies less than its lines, whose half-widths must not
  // be added.
  std::vector<Bill> bills;
  for (const double hours : {3.0, 4.0, 5.0}) {
    models::Usage usage = one_hour();
    usage.web_instance_seconds = hours * 3600;
    usage.waf_requests = (8 - hours) * 1e5;
    bills.push_back(make_bill({}, catalogue(), usage));
  }
  const BillSummary summary = summarize_bills(bills);
  double added = 0;
  for (const auto& line : summary.lines) {
    if (line.month.samples > 0) added += line.month.half_width;
  }
  const Table table = service_costs_table(service_costs(bills)).table;
  const Interval all = mean_interval(cost_samples(table, "month_usd"));
  EXPECT_NEAR(all.mean, summary.month.mean, 1e-6);
  EXPECT_NEAR(all.half_width, summary.month.half_width, 1e-6);
  EXPECT_LT(all.half_width, 0.9 * added);
  const std::vector<std::string> web = {"EC2"};
  const auto servers = cost_samples(table, "run_usd", web);
  ASSERT_EQ(servers.size(), 3U);
  EXPECT_LT(servers[0], servers[2]);
  EXPECT_TRUE(cost_samples(Table{}, "run_usd").empty());
}

TEST(Bill, ChargesRdsProxyByTheDatabasesVcpus) {
  models::Platform platform;
  platform.database.proxy.enabled = true;
  const Bill listed = make_bill(platform, catalogue(), one_hour());
  // db.m7g.xlarge has 4 vCPUs: 4 x 730 h x 0.015 USD.
  EXPECT_NEAR(item(listed, "RDS", "RDS Proxy, vCPU-hours").month->dollars(), 43.80, 0.001);
  const auto file = std::filesystem::temp_directory_path() / "shopsim_proxy_price.yaml";
  std::ofstream(file) << "prices:\n  rds.proxy_vcpu_hour: {price: 0.02 USD, source: contract, "
                         "as_of: \"2026-11-01\"}\n";
  sim::Diagnostics diagnostics;
  const auto prices = models::load_catalogue("us-east-1", {}, file, diagnostics);
  std::filesystem::remove(file);
  ASSERT_TRUE(prices) << sim::to_text(diagnostics);
  const Bill known = make_bill(platform, *prices, one_hour());
  EXPECT_NEAR(item(known, "RDS", "RDS Proxy, vCPU-hours").month->dollars(), 58.40, 0.001);
}

TEST(Bill, ChargesReadReplicasAsSingleInstancesWithAVolumeEach) {
  models::Platform platform;
  platform.database.iops = 13'000;  // 1,000 beyond what a volume of 500 GB includes
  const Bill without = make_bill(platform, catalogue(), one_hour());
  platform.database.replicas.count = 2;
  platform.database.replicas.instance_class = "db.r7g.large";
  const Bill with = make_bill(platform, catalogue(), one_hour());
  const auto month = [&](std::string_view name) {
    return item(with, "RDS", name).month->dollars();
  };
  // 2 x 730 h at 0.239, 2 x 500 GB at 0.115, 2 x 1,000 IOPS at 0.02.
  EXPECT_NEAR(month("db.r7g.large read replica hours"), 348.94, 0.001);
  EXPECT_NEAR(month("storage of read replicas"), 115.00, 0.001);
  EXPECT_NEAR(month("read replicas' IOPS"), 40.00, 0.001);
  EXPECT_NEAR(with.month.dollars() - without.month.dollars(), 503.94, 0.001);
}

TEST(Bill, ChargesAClusterAsThreeInstancesWithAVolumeEach) {
  models::Platform platform;
  platform.database.instance_class = "db.r7g.large";  // one whose price is known
  platform.database.cluster.enabled = true;
  const Bill bill = make_bill(platform, catalogue(), one_hour());
  // 3 x 730 h at 0.239, 3 x 500 GB at 0.115.
  EXPECT_NEAR(item(bill, "RDS", "cluster hours").month->dollars(), 523.41, 0.001);
  EXPECT_NEAR(item(bill, "RDS", "gp3 storage").month->dollars(), 172.50, 0.001);
  platform.database.instance_class = "db.m6gd.large";  // 3 x 730 h at 0.196
  const Bill of_cluster_class = make_bill(platform, catalogue(), one_hour());
  const BillItem& hours = item(of_cluster_class, "RDS", "cluster hours");
  EXPECT_NEAR(hours.month->dollars(), 429.24, 0.001);
  EXPECT_NE(hours.source.find("assumption"), std::string::npos) << "an estimate, and says so";
}

TEST(Bill, ChargesWhatAutoscalingAddsToTheVolume) {
  models::Platform platform;
  models::Usage usage = one_hour();
  usage.database_grown_gb_seconds = 100 * 1800;  // 100 GB for half of the hour
  for (const BillItem& i : make_bill(platform, catalogue(), usage).items) {
    EXPECT_EQ(i.item.find("autoscaling"), std::string::npos);
  }
  platform.database.growth.per_order = {1'000};
  // In a month like it 50 GB more in the mean, at 0.23 with a standby.
  EXPECT_NEAR(item(make_bill(platform, catalogue(), usage), "RDS", "autoscaling").month->dollars(),
              11.50, 0.001);
}

TEST(Bill, EveryEdgeRegionHasItsOwnPriceWhereTheyAreTold) {
  models::Platform platform;
  auto& edges = platform.cdn.edge_locations;
  edges = {{"home", {0.5}, {}, {}, ""}, {"far", {0.5}, {}, {}, ""}};
  edges[0].edge_region = models::EdgeRegion::europe;
  edges[1].edge_region = models::EdgeRegion::south_america;
  edges[1].served_by = "home";
  models::Usage usage = one_hour();
  usage.edge_regions[static_cast<std::size_t>(models::EdgeRegion::europe)] = {1e6, 1e9, 1e9};
  usage.edge_regions[static_cast<std::size_t>(models::EdgeRegion::south_america)] = {2e6, 2e9,
                                                                                     3e9};
  const Bill bill = make_bill(platform, catalogue(), usage);
  const auto month = [&](const char* name) {
    return item(bill, "CloudFront", name).month->dollars();
  };
  // 730 hours like this one, at the list's prices per GB and per 10,000 requests.
  EXPECT_NEAR(month("data to viewers, europe"), 730 * 0.085, 1e-6);
  EXPECT_NEAR(month("HTTPS requests, europe"), 730 * 100 * 0.012, 1e-6);
  EXPECT_NEAR(month("data to viewers, south_america"), 730 * 2 * 0.11, 1e-6);
  EXPECT_NEAR(month("HTTPS requests, south_america"), 730 * 200 * 0.022, 1e-6);
  EXPECT_NEAR(month("data to the origin, south_america"), 730 * 3 * 0.13, 1e-6);
  // Under a price class without South America nobody is served there.
  platform.cdn.price_class = "PriceClass_100";
  for (const BillItem& one : make_bill(platform, catalogue(), usage).items) {
    EXPECT_EQ(one.item.find("south_america"), std::string::npos) << one.item;
  }
}

TEST(Bill, WhatStandsBehindTheEdgesCostsOnlyWhereItIsOn) {
  const auto lines = [](const models::Platform& platform) {
    return make_bill(platform, catalogue(), one_hour()).items.size();
  };
  models::Platform platform;
  const std::size_t before = lines(platform);
  platform.cdn.origin_shield.enabled = true;
  EXPECT_EQ(lines(platform), before + 1);
  models::Usage usage = one_hour();
  usage.shield_requests = 20'000;
  const Bill bill = make_bill(platform, catalogue(), usage);
  EXPECT_NEAR(item(bill, "CloudFront", "Origin Shield").month->dollars(), 730 * 2 * 0.0075, 1e-9);
  platform.cdn.origin_failover.enabled = true;
  EXPECT_EQ(lines(platform), before + 3);
  const Bill second = make_bill(platform, catalogue(), usage);
  double stored = 0;
  for (const auto& bucket : platform.object_storage.buckets) {
    if (bucket.name.find("image") != std::string::npos) {
      stored = static_cast<double>(bucket.stored.count);
    }
  }
  ASSERT_GT(stored, 0);
  EXPECT_NEAR(item(second, "S3", "second bucket").month->dollars(), stored / 1e9 * 0.023, 1e-6);
}

}  // namespace
}  // namespace shopsim::analysis
