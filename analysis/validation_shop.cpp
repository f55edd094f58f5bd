#include "analysis/validation_shop.hpp"

#include "models/catalogue.hpp"
#include "models/page_table.hpp"
#include "sim/check.hpp"

namespace shopsim::analysis {

using namespace sim::literals;
using sim::Law;

Shop bare_shop(double pages_per_second) {
  Shop shop;
  models::Platform& platform = shop.platform;
  platform.network.round_trip_between_zones = constant(0);
  platform.network.round_trip_within_zone = constant(0);
  platform.cdn.edge_locations = {{"edge", {1.0}, constant(0), 0_s, ""}};
  platform.waf.enabled = false;
  platform.balancer.latency = constant(0);
  platform.web.instance_type = "m5.large";
  platform.web.scaling.minimum = 1;
  platform.web.scaling.maximum = 1;
  platform.web.scaling.desired = 1;
  platform.web.scaling.policies.clear();
  // An overloaded server fails the balancer's checks; it must not be replaced for that here.
  platform.web.scaling.health_check_type = models::HealthCheckType::ec2;
  platform.cache.enabled = false;
  models::Scenario& scenario = shop.scenario;
  scenario.start.since_midnight = 12_h;
  scenario.duration = 30_min;
  scenario.warm_up = 5_min;
  scenario.traffic.hourly_shape.assign(24, 1.0);
  scenario.traffic.sessions_per_day = pages_per_second * 86'400;
  models::PageConfig page = *models::find_builtin_page("home");
  page.cpu = {{Law::exponential, kCpuSeconds, 0}};
  page.cache_reads = 0;
  page.database_reads = 0;
  page.database_writes = 0;
  page.images = 0;
  page.response = {1};
  scenario.clients.pages = {page};
  scenario.clients.pages_per_session = 1;
  scenario.clients.timeout = 600_s;
  scenario.clients.patience = constant(100'000);
  scenario.clients.retries.attempts = 0;
  scenario.catalogue.products = 10;
  scenario.catalogue.images = 10;
  return shop;
}

models::Plan plan_of(const Shop& shop) {
  sim::Diagnostics diagnostics;
  const auto catalogue = models::load_catalogue("us-east-1", {}, {}, diagnostics);
  SHOPSIM_CHECK(catalogue.has_value(), "the built-in catalogue cannot be read");
  const auto plan = models::compile({shop.platform, shop.scenario, *catalogue}, diagnostics);
  SHOPSIM_CHECK(plan.has_value(), sim::to_text(diagnostics));
  return *plan;
}

}  // namespace shopsim::analysis
