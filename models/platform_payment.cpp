/// The fields of the payment provider.
#include "models/platform_payment.hpp"

namespace shopsim::models {

using sim::field;

void PaymentConfig::describe(FieldVisitor& v) {
  because_field(v, because);
  field(v, {.key = "enabled", .meaning = "whether the pages that pay call a provider outside"},
        enabled);
  field(v, {.key = "latency", .meaning = "time until the provider answers",
            .influences = "latency of the pages that pay, workers they hold"}, latency);
  field(v, {.key = "failures", .meaning = "share of the calls that end in an error",
            .least = 0, .most = 1}, failures);
  field(v, {.key = "timeout", .meaning = "wait for the provider before a call is given up",
            .least = 0.05, .most = 300, .source = "S-LUMIGO",
            .confidence = Confidence::assumption, .tunable = true,
            .influences = "how long a silent provider holds a worker"}, timeout);
  field(v, {.key = "attempts", .meaning = "calls for one page at most", .least = 1, .most = 10,
            .source = "S-LUMIGO", .confidence = Confidence::assumption, .tunable = true,
            .influences = "retries here multiply with those of customers"}, attempts);
  field(v, {.key = "backoff", .meaning = "time between two calls for one page", .least = 0,
            .most = 60}, backoff);
  field(v, {.key = "calls_at_once",
            .meaning = "calls of one web server at a time, more fail at once; 0: no limit",
            .least = 0, .most = 10'000, .tunable = true,
            .influences = "workers left for other pages when the provider is slow"},
        calls_at_once);
  field(v, {.key = "circuit_breaker", .meaning = "stops calling a provider that fails"},
        circuit_breaker);
}

void CircuitBreakerConfig::describe(FieldVisitor& v) {
  field(v, {.key = "enabled", .meaning = "whether failing calls stop further calls for a while"},
        enabled);
  field(v, {.key = "failure_share", .meaning = "share of failed calls in the window that opens it",
            .least = 0.01, .most = 1, .source = "S-BROOKER",
            .confidence = Confidence::assumption, .tunable = true}, failure_share);
  field(v, {.key = "least_calls", .meaning = "calls in the window before it may open",
            .least = 1, .most = 100'000}, least_calls);
  field(v, {.key = "window", .meaning = "time over which calls are counted", .least = 0.1,
            .most = 3600}, window);
  field(v, {.key = "open_for", .meaning = "time without calls before one tries again",
            .least = 0.1, .most = 3600, .tunable = true,
            .influences = "errors after the other side has recovered"}, open_for);
}

}  // namespace shopsim::models
