// Question: when do customers of the second engine come, and what do they do? A session is one
// actor: it asks, waits with a timer, retries with backoff, thinks, leaves.
#include <algorithm>
#include <cmath>

#include "models/simgrid_shop.hpp"

namespace shopsim::models::flow {

/// Sessions a second at a simulated time: the mean of the day, its shape by the hour (straight
/// lines between the middles of the hours), planned rises, flash crowds.
double Shop::session_rate(double time) const {
  const TrafficConfig& traffic = scenario_.traffic;
  const double clock = scenario_.start.since_midnight.seconds() + time - warm_up_;
  double shape = 1;
  if (!traffic.hourly_shape.empty()) {
    const auto& weights = traffic.hourly_shape;
    const auto count = static_cast<double>(weights.size());
    double sum = 0;
    for (const double weight : weights) sum += weight;
    const double hour = clock / 3600 - 0.5;
    const double base = std::floor(hour);
    const auto index = [count](double h) {
      const double wrapped = h - count * std::floor(h / count);
      return static_cast<std::size_t>(wrapped);
    };
    const double left = weights[index(base)];
    const double right = weights[index(base + 1)];
    shape = (left * (base + 1 - hour) + right * (hour - base)) * count / sum;
  }
  double factor = 1;
  for (const SpikeConfig& spike : traffic.spikes) {
    const double since = clock - spike.start.since_midnight.seconds();
    const double up = spike.ramp_up.seconds();
    const double flat = up + spike.hold.seconds();
    const double whole = flat + spike.ramp_down.seconds();
    if (since < 0 || since >= whole) continue;
    const double height = since < up     ? since / up
                          : since < flat ? 1.0
                                         : (whole - since) / (whole - flat);
    factor *= 1 + (spike.factor - 1) * height;
  }
  for (const FlashCrowdConfig& crowd : traffic.flash_crowds) {
    const double since = clock - crowd.at.since_midnight.seconds();
    if (since >= 0) factor += crowd.factor * std::exp2(-since / crowd.half_life.seconds());
  }
  return traffic.sessions_per_day * traffic.growth / 86'400 * shape * factor;
}

/// Poisson within each second; above dispersion 1 the second's rate is itself gamma distributed.
void Shop::arrivals() {
  const double excess = scenario_.traffic.index_of_dispersion - 1;
  for (double second = 0; second < end_; second += 1) {
    double rate = session_rate(second + 0.5);
    if (excess > 0 && rate > 0) rate = chance_.gamma(rate / excess, excess);
    double at = second;
    while (rate > 0) {
      at += chance_.exponential(1 / rate);
      if (at >= second + 1) break;
      Engine::sleep(at - now());
      engine_.spawn(internet_, [this] { customer(); });
    }
    Engine::sleep(second + 1 - now());
  }
}

void Shop::customer() {
  Customer customer;
  const double share = chance_.uniform();
  double sum = 0;
  const auto& locations = platform_.cdn.edge_locations;
  for (std::size_t e = 0; e < locations.size(); ++e) {
    sum += locations[e].viewer_share.value;
    customer.edge = e;
    if (share < sum) break;
  }
  customer.round_trip = chance_.draw(locations[customer.edge].viewer_round_trip);
  customer.patience = chance_.draw(scenario_.clients.patience);
  std::size_t page = graph_.entry;
  const double leaves = 1 / std::max(1.0, scenario_.clients.pages_per_session);
  while (ask_for_page(customer, page)) {
    if (chance_.uniform() < leaves) return;
    const double u = chance_.uniform();
    const auto& row = graph_.cumulative[page];
    page = static_cast<std::size_t>(std::upper_bound(row.begin(), row.end(), u) - row.begin());
    page = std::min(page, row.size() - 1);
    Engine::sleep(std::min(chance_.draw(scenario_.clients.think),
                           scenario_.clients.think_maximum.seconds()));
  }
}

double Shop::backoff(unsigned retry) {
  const RetryConfig& policy = scenario_.clients.retries;
  const double full =
      std::min(policy.base.seconds() * std::exp2(retry), policy.cap.seconds());
  return policy.jitter ? full * chance_.uniform() : full;
}

Wishes Shop::draw_wishes(std::size_t page) {
  const PageConfig& config = graph_.pages[page];
  Wishes wishes;
  wishes.page = page;
  wishes.cpu = chance_.draw(config.cpu);
  wishes.reads = chance_.about(config.database_reads);
  wishes.writes = chance_.about(config.database_writes);
  for (std::int64_t i = 0; i < config.cache_reads; ++i) {
    wishes.keys.push_back(product_(chance_.engine()));
  }
  return wishes;
}

/// One page with all its attempts. False: the customer has given up and leaves.
bool Shop::ask_for_page(Customer& customer, std::size_t page) {
  const RetryConfig& policy = scenario_.clients.retries;
  const Wishes wishes = draw_wishes(page);
  const double begun = now();
  if (recording()) ++result_.requests;
  retry_tokens_ = std::min(retry_tokens_ + policy.budget.value, 1000.0);
  for (unsigned retry = 0;; ++retry) {
    const std::uint64_t id = ++last_attempt_;
    customer.outcome.reset();
    waiting_[id] = &customer;
    send(customer, wishes, id, customer.is_new);
    customer.is_new = false;
    const bool came = customer.answered.acquire_for(scenario_.clients.timeout.seconds());
    waiting_.erase(id);
    if (!came && customer.outcome) customer.answered.acquire();  // both at the same moment
    const Outcome outcome = customer.outcome.value_or(Outcome::client_timeout);
    if (recording()) ++result_.outcomes[static_cast<std::size_t>(outcome)];
    const double waited = now() - begun;
    if (outcome == Outcome::success) {
      if (waited > customer.patience) break;
      if (recording()) {
        ++result_.succeeded;
        result_.latencies.push_back(static_cast<float>(waited));
      }
      return true;
    }
    const bool may = policy.budget.value >= 1 || retry_tokens_ >= 1;
    if (static_cast<std::int64_t>(retry) >= policy.attempts || waited >= customer.patience ||
        !may) {
      break;
    }
    if (policy.budget.value < 1) retry_tokens_ -= 1;
    Engine::sleep(backoff(retry));
  }
  if (recording()) ++result_.failed;
  return false;
}

/// The attempt is an actor of its own: it goes on when the customer has given up.
void Shop::send(Customer& customer, const Wishes& wishes, std::uint64_t id, bool first) {
  if (recording()) ++result_.attempts;
  Attempt at;
  at.id = id;
  at.wishes = wishes;
  at.edge = customer.edge;
  const double origin = platform_.cdn.edge_locations[at.edge].origin_round_trip.seconds();
  at.way_back = (customer.round_trip + origin) / 2;
  at.way_there = at.way_back + (first ? 2 * customer.round_trip : 0);
  engine_.spawn(internet_, [this, at] { attempt(at); });
}

void Shop::answer(std::uint64_t id, Outcome outcome) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) {
    if (recording()) ++result_.late;
    return;
  }
  Customer* customer = found->second;
  waiting_.erase(found);  // before other actors run
  customer->outcome = outcome;
  customer->answered.release();
}

}  // namespace shopsim::models::flow
