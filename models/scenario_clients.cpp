/// The fields of a scenario's clients and of what they read.
#include "models/page_table.hpp"
#include "models/scenario.hpp"

namespace shopsim::models {

using sim::field;

void PageConfig::describe(FieldVisitor& v) {
  const std::string before = name;
  field(v, {.key = "name", .meaning = "page of the built-in table to change, or a new one",
            .required = true}, name);
  // A reader has just learned which page this is: what the file leaves out is the built-in page's.
  if (name != before) {
    if (auto builtin = find_builtin_page(name)) *this = std::move(*builtin);
  }
  field(v, {.key = "request_class",
            .meaning = "class it is reported under: browse, search, cart, checkout, account"},
        request_class);
  field(v, {.key = "method", .meaning = "GET may be asked again by CloudFront, POST may not",
            .source = "S-CF-ORIG", .confidence = Confidence::documented}, method);
  field(v, {.key = "cpu", .meaning = "CPU time on one vCPU of the reference type m5.large",
            .influences = "utilisation of the web servers"}, cpu);
  field(v, {.key = "cache_reads", .meaning = "keys read from the cache", .least = 0, .most = 16,
            .influences = "cache load, database load when they miss"}, cache_reads);
  field(v, {.key = "database_reads",
            .meaning = "mean statements that read, besides cache misses; a number",
            .least = 0, .most = 100, .influences = "database load"}, database_reads);
  field(v, {.key = "database_writes", .meaning = "mean statements that write; a number",
            .least = 0, .most = 100, .influences = "database load"}, database_writes);
  field(v, {.key = "replica_reads",
            .meaning = "share of its read statements that may go to a read replica; absent: all of "
                       "a page that never writes, none of another",
            .least = 0, .most = 1, .influences = "load on the primary, stale reads"},
        replica_reads);
  field(v, {.key = "lock",
            .meaning = "name of a row that it locks when it writes (stock of one article); pages "
                       "with the same name wait for each other; empty: none",
            .source = "S-PG-LOCK", .confidence = Confidence::documented,
            .influences = "latency of these pages, database connections"}, lock);
  field(v, {.key = "lock_share", .meaning = "share of its requests that lock that row", .least = 0,
            .most = 1, .influences = "latency of these pages"}, lock_share);
  field(v, {.key = "lock_hold",
            .meaning = "time between taking the lock and the commit, which comes on top",
            .influences = "latency of these pages"}, lock_hold);
  field(v, {.key = "images", .meaning = "mean images left after the browser's own cache",
            .least = 0, .most = 100, .influences = "CloudFront requests and bytes"}, images);
  field(v, {.key = "object_reads", .meaning = "S3 objects the web server reads (receipt)",
            .least = 0, .most = 1000}, object_reads);
  field(v, {.key = "object_writes", .meaning = "S3 objects the web server writes (photo)",
            .least = 0, .most = 1000}, object_writes);
  field(v, {.key = "file_reads", .meaning = "shared files read (profile picture)", .least = 0,
            .most = 1000}, file_reads);
  field(v, {.key = "file_writes", .meaning = "shared files written (profile picture)",
            .least = 0, .most = 1000}, file_writes);
  field(v, {.key = "pays", .meaning = "whether it calls the payment provider, if there is one",
            .influences = "latency of this page, workers it holds"}, pays);
  field(v, {.key = "response", .meaning = "bytes of the page itself", .least = 0, .most = 1e9,
            .influences = "network bytes and their cost"}, response);
}

void TransitionConfig::describe(FieldVisitor& v) {
  field(v, {.key = "from", .meaning = "page whose row of the graph this replaces",
            .required = true}, from);
  field(v, {.key = "to", .meaning = "pages that may follow", .least = 1, .most = 100,
            .required = true}, to);
  field(v, {.key = "weights", .meaning = "one weight for each page in `to`, scaled to sum 1",
            .least = 1, .most = 100, .required = true}, weights);
}

void RetryConfig::describe(FieldVisitor& v) {
  field(v, {.key = "attempts", .meaning = "further attempts after the first", .least = 0,
            .most = 10, .source = "S-LUMIGO", .confidence = Confidence::assumption,
            .influences = "load under errors: retry storms"}, attempts);
  field(v, {.key = "base", .meaning = "first backoff; it doubles with every attempt", .least = 0,
            .most = 60, .source = "S-LUMIGO", .confidence = Confidence::assumption}, base);
  field(v, {.key = "cap", .meaning = "longest backoff", .least = 0, .most = 600,
            .source = "S-LUMIGO", .confidence = Confidence::assumption}, cap);
  field(v, {.key = "jitter", .meaning = "backoff drawn uniformly between 0 and its full length",
            .source = "S-LUMIGO", .confidence = Confidence::third_party}, jitter);
  field(v, {.key = "budget",
            .meaning = "retries allowed per request over all clients; 1 or more: no budget",
            .least = 0, .most = 10, .source = "S-LUMIGO", .confidence = Confidence::assumption,
            .tunable = true, .influences = "whether an overload ends by itself"}, budget);
  field(v, {.key = "circuit_breaker", .meaning = "stops retries while too many attempts fail"},
        circuit_breaker);
}

void ClientsConfig::describe(FieldVisitor& v) {
  field(v, {.key = "mix", .meaning = "built-in page graph: browsing, shopping or ordering",
            .source = "S-TPCW", .confidence = Confidence::third_party}, mix);
  field(v, {.key = "pages", .meaning = "pages of the built-in table to change, by name",
            .least = 0, .most = 100}, pages);
  field(v, {.key = "transitions", .meaning = "rows of the built-in graph to replace", .least = 0,
            .most = 100}, transitions);
  field(v, {.key = "pages_per_session", .meaning = "mean pages of one session, geometric",
            .least = 1, .most = 1000, .source = "S-CSQ", .confidence = Confidence::assumption,
            .influences = "load of every component"}, pages_per_session);
  field(v, {.key = "think", .meaning = "time between a page and the next click",
            .source = "S-TPCW2", .confidence = Confidence::third_party}, think);
  field(v, {.key = "think_maximum", .meaning = "longest think time", .least = 0, .most = 3600,
            .source = "S-TPCW2", .confidence = Confidence::third_party}, think_maximum);
  field(v, {.key = "timeout", .meaning = "wait for a page before the client gives it up",
            .least = 0.05, .most = 600, .tunable = true,
            .influences = "retries and late replies under overload"}, timeout);
  field(v, {.key = "retries", .meaning = "what a client does after an error"}, retries);
  field(v, {.key = "hedge_after",
            .meaning = "wait before a GET is asked a second time, first answer counts; 0 s: never",
            .least = 0, .most = 600, .tunable = true,
            .influences = "latency behind slow servers; load"}, hedge_after);
  field(v, {.key = "shared_addresses", .meaning = "customers behind addresses of many"},
        shared_addresses);
  field(v, {.key = "patience", .meaning = "time one page may take in all before the visitor leaves",
            .influences = "lost sessions and orders"}, patience);
  field(v, {.key = "order_value", .meaning = "value of one order",
            .influences = "revenue lost"}, order_value);
}

void CatalogueConfig::describe(FieldVisitor& v) {
  field(v, {.key = "products", .meaning = "products that can be read", .least = 1, .most = 2e7,
            .influences = "cache hit ratio"}, products);
  field(v, {.key = "product_zipf", .meaning = "Zipf exponent of product popularity; a number",
            .least = 0, .most = 3, .source = "S-KRASH", .confidence = Confidence::assumption,
            .influences = "cache hit ratio"}, product_zipf);
  field(v, {.key = "key_trace",
            .meaning = "file with one product key per line, used instead of both Zipf laws: the "
                       "image of a product is asked for as often as the product"},
        key_trace);
  field(v, {.key = "cached_object", .meaning = "size of one cached product with its key",
            .influences = "cache hit ratio"}, cached_object);
  field(v, {.key = "cached_time_to_live", .meaning = "how long the cache keeps a product",
            .least = 1, .most = 31'536'000, .influences = "cache hit ratio"},
        cached_time_to_live);
  field(v, {.key = "images", .meaning = "images that can be asked for", .least = 1, .most = 2e7,
            .influences = "image hit ratio"}, images);
  field(v, {.key = "image_zipf", .meaning = "Zipf exponent of image popularity; a number",
            .least = 0, .most = 3, .source = "S-KRASH", .confidence = Confidence::assumption,
            .influences = "image hit ratio"}, image_zipf);
  field(v, {.key = "image_size", .meaning = "size of one image", .source = "S-HA-IMG",
            .confidence = Confidence::computed, .influences = "CloudFront bytes and their cost"},
        image_size);
}

}  // namespace shopsim::models
