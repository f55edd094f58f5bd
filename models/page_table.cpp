/// The built-in pages and transition thresholds as data.
#include "models/page_table.hpp"

namespace shopsim::models {

namespace {

constexpr TransitionThresholds kBrowsing = {{
    {   0,    0,    0,    0,    0,    0, 9877,    0,    0,    0,    0, 9999,    0,    0},
    {8999,    0,    0,    0,    0,    0, 9999,    0,    0,    0,    0,    0,    0,    0},
    {   0,    0,    0,    0,    0,    0, 4607,    0,    0,    0, 5259, 9942,    0, 9999},
    {   0,    0,    0,    0,    0,    0,  342,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0,    0, 9199,    0,    0, 9595,    0,    0,    0,    0,    0,    0, 9999},
    {   0,    0,    0,    0, 9145,    0, 9619,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0, 3792,    0,    0,    0,    0, 7585,    0, 7688,    0, 9559,    0, 9999},
    {   0,    0,    0,    0,    0,    0,  299,    0,    0,    0, 9867, 9941,    0, 9999},
    {   0,    0,    0,    0,    0,    0,  802,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0,    0,    0,    0,    0,  523,    0, 8856,    0,    0, 9999,    0,    0},
    {   0,   47,    0,    0,    0,    0, 8346,    0,    0,    0, 9749, 9890,    0, 9999},
    {   0,    0,    0,    0,    0,    0,  788,    0,    0,    0,    0,    0, 9955, 9999},
    {   0,    0,    0,    0,    0,    0, 3674,    0,    0,    0, 9868, 9942,    0, 9999},
    {   0,    0,    0,    0,    0, 4099, 8883,    0,    0,    0,    0,    0,    0, 9999},
}};

constexpr TransitionThresholds kShopping = {{
    {   0,    0,    0,    0,    0,    0, 9952,    0,    0,    0,    0, 9999,    0,    0},
    {8999,    0,    0,    0,    0,    0, 9999,    0,    0,    0,    0,    0,    0,    0},
    {   0,    0,    0,    0,    0,    0,  167,    0,    0,    0,  472, 9927,    0, 9999},
    {   0,    0,    0,    0,    0,    0,   84,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0,    0, 4614,    0,    0, 6546,    0,    0,    0,    0,    0,    0, 9999},
    {   0,    0,    0,    0, 8666,    0, 8760,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0, 3124,    0,    0,    0,    0, 6249,    0, 6718,    0, 7026,    0, 9999},
    {   0,    0,    0,    0,    0,    0,  156,    0,    0,    0, 9735, 9784,    0, 9999},
    {   0,    0,    0,    0,    0,    0,   69,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0,    0,    0,    0,    0,   72,    0, 8872,    0,    0, 9999,    0,    0},
    {   0,   58,    0,    0,    0,    0,  832,    0,    0,    0, 1288, 8603,    0, 9999},
    {   0,    0,    0,    0,    0,    0,  635,    0,    0,    0,    0,    0, 9135, 9999},
    {   0,    0,    0,    0,    0,    0, 2657,    0,    0,    0, 9294, 9304,    0, 9999},
    {   0,    0,    0,    0,    0, 2585, 9992,    0,    0,    0,    0,    0,    0, 9999},
}};

constexpr TransitionThresholds kOrdering = {{
    {   0,    0,    0,    0,    0,    0, 8348,    0,    0,    0,    0, 9999,    0,    0},
    {8999,    0,    0,    0,    0,    0, 9999,    0,    0,    0,    0,    0,    0,    0},
    {   0,    0,    0,    0,    0,    0,    1,    0,    0,    0,  333, 9998,    0, 9999},
    {   0,    0,    0,    0,    0,    0,    2,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0,    0, 7999,    0,    0, 9453,    0,    0,    0,    0,    0,    0, 9999},
    {   0,    0,    0,    0, 9899,    0, 9901,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0,  499,    0,    0,    0,    0,  999,    0, 1269,    0, 1295,    0, 9999},
    {   0,    0,    0,    0,    0,    0,  504,    0,    0,    0, 9942, 9976,    0, 9999},
    {   0,    0,    0,    0,    0,    0, 9939,    0,    0,    0,    0, 9999,    0,    0},
    {   0,    0,    0,    0,    0,    0, 1168,    0, 9968,    0,    0, 9999,    0,    0},
    {   0,   99,    0,    0,    0,    0, 3750,    0,    0,    0, 5621, 6341,    0, 9999},
    {   0,    0,    0,    0,    0,    0,  815,    0,    0,    0,    0,    0, 9815, 9999},
    {   0,    0,    0,    0,    0,    0,  486,    0,    0,    0, 7817, 9998,    0, 9999},
    {   0,    0,    0,    0,    0, 9499, 9918,    0,    0,    0,    0,    0,    0, 9999},
}};

/// One row of the page table. Unit of cpu_ms: milliseconds on one vCPU of m5.large.
struct PageRow {
  std::string_view name;
  std::string_view request_class;
  Method method;
  double cpu_ms;
  std::int64_t cache_reads;
  double database_reads;
  double database_writes;
  std::int64_t images;
  std::int64_t response;
};

/// Coefficient of variation of CPU time on one page [A].
constexpr double kCpuVariation = 0.7;

// clang-format off
constexpr PageRow kPages[] = {
    // name, class, method, cpu ms, cache reads, reads, writes, images, bytes
    {"admin_confirm",         "account",   Method::post,   17.5, 2,    2,    2,  8, 20'000},
    {"admin_request",         "account",   Method::get,    17.5, 2,    1,    0,  8, 20'000},
    {"best_sellers",          "browse",    Method::get,    22.8, 4,    2,    0,  8, 48'000},
    {"buy_confirm",           "checkout",  Method::post,   21.1, 3,    2,    4,  8, 30'000},
    {"buy_request",           "checkout",  Method::post,   13.0, 3,    2,    1,  8, 32'000},
    {"customer_registration", "checkout",  Method::get,    18.5, 3,    1,  0.5,  7, 28'000},
    {"home",                  "browse",    Method::get,    14.4, 4,  0.5,    0,  8, 52'000},
    {"new_products",          "browse",    Method::get,    22.8, 4,    1,    0,  8, 48'000},
    {"order_display",         "account",   Method::get,    16.6, 2,    3,    0,  8, 30'000},
    {"order_inquiry",         "account",   Method::get,    14.6, 2,  0.5,    0,  8, 20'000},
    {"product_detail",        "browse",    Method::get,    17.5, 3,    1,    0,  8, 44'000},
    {"search_request",        "search",    Method::get,    14.4, 3,  0.5,    0,  6, 30'000},
    {"search_results",        "search",    Method::get,    22.8, 4,  2.5,    0, 10, 48'000},
    {"shopping_cart",         "cart",      Method::post,   18.2, 3,    1,    1,  9, 36'000},
    {"login",                 "account",   Method::post,   54.4, 2,    1,    1,  8, 24'000},
    {"profile_picture",       "account",   Method::post,   18.5, 1,    1,    1,  8, 24'000},
    {"review",                "account",   Method::post,   17.5, 2,    1,    1,  8, 30'000},
    {"receipt",               "account",   Method::get,    14.6, 1,    1,    0,  8, 60'000},
};
// clang-format on

PageConfig page_of(const PageRow& row) {
  PageConfig page;
  page.name = row.name;
  page.request_class = row.request_class;
  page.method = row.method;
  page.cpu = {{sim::Law::gamma, row.cpu_ms / 1000, kCpuVariation}};
  page.cache_reads = row.cache_reads;
  page.database_reads = row.database_reads;
  page.database_writes = row.database_writes;
  page.images = row.images;
  page.response = {row.response};
  // What goes to S3 and EFS: the photo of a review, a receipt, a profile picture.
  page.object_writes = row.name == "review" ? 1 : 0;
  page.object_reads = row.name == "receipt" ? 1 : 0;
  page.file_reads = row.name == "profile_picture" ? 1 : 0;
  page.file_writes = row.name == "profile_picture" ? 1 : 0;
  page.pays = row.name == "buy_confirm";
  return page;
}

}  // namespace

const TransitionThresholds& transition_thresholds(PageMix mix) {
  switch (mix) {
    case PageMix::browsing: return kBrowsing;
    case PageMix::shopping: return kShopping;
    case PageMix::ordering: return kOrdering;
  }
  return kShopping;
}

std::vector<PageConfig> builtin_pages() {
  std::vector<PageConfig> pages;
  for (const PageRow& row : kPages) pages.push_back(page_of(row));
  return pages;
}

std::optional<PageConfig> find_builtin_page(std::string_view name) {
  for (const PageRow& row : kPages) {
    if (row.name == name) return page_of(row);
  }
  return std::nullopt;
}

}  // namespace shopsim::models
