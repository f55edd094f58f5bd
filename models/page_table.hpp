#pragma once
/// The built-in pages of the shop and the built-in page graphs.
///
/// Pages: the 14 of TPC-W (S-TPCW) and four that the mission names (login, profile picture, review
/// with photo, receipt). CPU time: the services a page of TeaStore calls, their measured demands
/// added up per kind of page (measured with the utilisation law, MIT-licensed public data set),
/// all scaled by the one factor 3.758 that makes a session of the shopping mix cost 18 ms a page
/// on the reference vCPU; so the ratios between the kinds of page are TeaStore's. Cache reads,
/// statements, images and bytes are assumptions; an order writes order, lines, payment and stock.
///
/// Graphs: cumulative transition thresholds of TPC-W clause 5.2.2 (browsing, shopping, ordering).
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/scenario.hpp"

namespace shopsim::models {

/// Pages of TPC-W, in the order of the threshold tables.
inline constexpr std::size_t kTpcwPages = 14;
inline constexpr std::array<std::string_view, kTpcwPages> kTpcwPageNames = {
    "admin_confirm", "admin_request",         "best_sellers",  "buy_confirm",    "buy_request",
    "customer_registration", "home",          "new_products",  "order_display",  "order_inquiry",
    "product_detail", "search_request",       "search_results", "shopping_cart"};

/// [from][to], cumulative out of 9999 along a row; 0: no such transition.
using TransitionThresholds = std::array<std::array<std::int16_t, kTpcwPages>, kTpcwPages>;
[[nodiscard]] const TransitionThresholds& transition_thresholds(PageMix mix);

/// All built-in pages: the TPC-W pages in the order above, then the four others.
[[nodiscard]] std::vector<PageConfig> builtin_pages();
[[nodiscard]] std::optional<PageConfig> find_builtin_page(std::string_view name);

/// The classes pages are reported under, in the order of every report.
inline constexpr std::array<std::string_view, 5> kRequestClasses = {"browse", "search", "cart",
                                                                    "checkout", "account"};
/// The class of all images; no page has it.
inline constexpr std::string_view kImageClass = "image";
/// The class of the images of one edge region's viewers: "image_europe".
[[nodiscard]] inline std::string image_class_of(EdgeRegion region) {
  return std::string(kImageClass) + "_" + std::string(to_text(region));
}
/// Whether a class holds images, and no pages.
[[nodiscard]] inline bool is_image_class(std::string_view name) {
  return name.starts_with(kImageClass);
}
/// The class a promise is about; empty: all pages.
[[nodiscard]] inline std::string promised_class(const SloConfig& promise) {
  return promise.viewers ? image_class_of(*promise.viewers) : promise.request_class;
}

/// Shares of the detours by which the four other pages enter a TPC-W graph. A detour leaves the
/// way on as it was, so that the TPC-W pages keep their shares among each other. All [A].
inline constexpr double kLoginShare = 0.4;            ///< of the steps registration -> buy request
inline constexpr double kProfilePictureShare = 0.005; ///< of the views of product_detail
inline constexpr double kReviewShare = 0.01;          ///< of the views of product_detail
inline constexpr double kReceiptShare = 0.3;          ///< of the views of order_display

}  // namespace shopsim::models
