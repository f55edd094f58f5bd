#pragma once
/// A struct with every type of field there is, for the tests of configuration.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/fields.hpp"

namespace shopsim::sim::example {

enum class Colour : std::uint8_t { red, dark_blue, green };
inline std::span<const std::string_view> enum_names(Colour) {
  static constexpr std::string_view names[] = {"red", "dark_blue", "green"};
  return names;
}

struct ZoneLoss {
  static constexpr std::string_view kTag = "zone_loss";
  static constexpr std::string_view kMeaning = "a zone is lost";
  std::string zone = "a";
  Duration duration = 1_h;
  void describe(FieldVisitor& v) {
    field(v, {.key = "zone", .meaning = "which zone", .required = true}, zone);
    field(v, {.key = "duration", .meaning = "until it returns", .least = 0}, duration);
  }
  friend bool operator==(const ZoneLoss&, const ZoneLoss&) = default;
};

struct Flush {
  static constexpr std::string_view kTag = "flush";
  static constexpr std::string_view kMeaning = "the cache is emptied";
  void describe(FieldVisitor&) {}
  friend bool operator==(const Flush&, const Flush&) = default;
};

struct Fault {
  std::string name;
  std::optional<ClockTime> at;
  std::variant<ZoneLoss, Flush> kind;
  void describe(FieldVisitor& v) {
    field(v, {.key = "name", .meaning = "its name", .required = true}, name);
    field(v, {.key = "at", .meaning = "when it happens"}, at);
    field(v, {.key = "kind", .meaning = "what happens", .required = true}, kind);
  }
  friend bool operator==(const Fault&, const Fault&) = default;
};

struct Scaling {
  std::int64_t minimum = 2;
  std::int64_t maximum = 8;
  Duration warm_up = 90_s;
  void describe(FieldVisitor& v) {
    field(v, {.key = "minimum", .meaning = "least servers", .least = 1, .most = 100}, minimum);
    field(v, {.key = "maximum", .meaning = "most servers", .least = 1, .most = 100,
              .source = "S-ASG-1", .confidence = Confidence::documented, .tunable = true,
              .influences = "cost"},
          maximum);
    field(v, {.key = "warm_up", .meaning = "until a new server counts", .least = 5, .most = 300},
          warm_up);
  }
  friend bool operator==(const Scaling&, const Scaling&) = default;
};

struct Shop {
  std::string name = "shop";
  bool enabled = true;
  double factor = 1.5;
  Bytes memory{std::int64_t{8} << 30};
  Rate arrivals{400};
  BitRate bandwidth{1e10};
  Money budget{12'500'000'000};
  Fraction target{0.7};
  ClockTime start{20_h};
  Colour colour = Colour::green;
  DurationDistribution service{{Law::lognormal, 0.008, 0.6}};
  SizeDistribution object{{Law::exponential, 40'000, 0}};
  MoneyDistribution order{{Law::gamma, 62, 0.8}};
  CountDistribution items{{Law::uniform, 1, 5}};
  Scaling scaling;
  std::optional<Duration> window;
  std::optional<Scaling> reserve;
  std::vector<std::string> zones{"a", "b"};
  std::vector<double> weights;
  std::vector<Fault> faults;
  std::vector<std::variant<ZoneLoss, Flush>> drills;
  std::variant<ZoneLoss, Flush> worst;
  void describe(FieldVisitor& v);
  friend bool operator==(const Shop&, const Shop&) = default;
};

inline void Shop::describe(FieldVisitor& v) {
  field(v, {.key = "name", .meaning = "the shop's name", .required = true}, name);
  field(v, {.key = "enabled", .meaning = "whether it is open"}, enabled);
  field(v, {.key = "factor", .meaning = "growth", .least = 0.1, .most = 10}, factor);
  field(v, {.key = "memory", .meaning = "memory of a node", .most = 1e12}, memory);
  field(v, {.key = "arrivals", .meaning = "sessions begun", .most = 1e6}, arrivals);
  field(v, {.key = "bandwidth", .meaning = "of a server", .least = 1e6}, bandwidth);
  field(v, {.key = "budget", .meaning = "per month", .least = 0, .most = 1000}, budget);
  field(v, {.key = "target", .meaning = "CPU to aim at", .least = 0.1, .most = 0.9}, target);
  field(v, {.key = "start", .meaning = "when the run begins"}, start);
  field(v, {.key = "colour", .meaning = "of the door"}, colour);
  field(v, {.key = "service", .meaning = "time of a request", .most = 60}, service);
  field(v, {.key = "object", .meaning = "size of an object"}, object);
  field(v, {.key = "order", .meaning = "value of an order"}, order);
  field(v, {.key = "items", .meaning = "per order"}, items);
  field(v, {.key = "scaling", .meaning = "bounds of the group"}, scaling);
  field(v, {.key = "window", .meaning = "judged over"}, window);
  field(v, {.key = "reserve", .meaning = "a second group"}, reserve);
  field(v, {.key = "zones", .meaning = "where it runs", .least = 2, .most = 6}, zones);
  field(v, {.key = "weights", .meaning = "per hour"}, weights);
  field(v, {.key = "faults", .meaning = "what goes wrong"}, faults);
  field(v, {.key = "drills", .meaning = "what is rehearsed"}, drills);
  field(v, {.key = "worst", .meaning = "the worst case"}, worst);
}

/// A file that gives every field a value other than its default.
inline constexpr std::string_view kFullExample = R"(# every field
name: "The: shop"
enabled: false
factor: 2.5
memory: 13 GiB
arrivals: 24000 /min
bandwidth: 125 MiB/s
budget: 99.99 USD
target: 55 %
start: +1d 02:00
colour: dark_blue   # of the door
service:
  gamma: {mean: 4 ms, cv: 1.5}
object: 40 kB
order: {exponential: {mean: 60 USD}}
items: {lognormal: {median: 3, sigma: 0.5}}
scaling:
  # bounds
  minimum: 3
  maximum: 12
  warm_up: 2 min
window: 5 min
reserve: {minimum: 1, maximum: 2, warm_up: 30 s}
zones: [a, b, c]
weights: [1, 0.5, 1e-3]
faults:
  - name: first
    at: 20:15
    zone_loss: {zone: b, duration: 20 min}
  - name: 'second'
    flush: {}
drills:
  - flush:
  - zone_loss:
      zone: c
flush: {}
)";

}  // namespace shopsim::sim::example
