#include "analysis/results_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace shopsim::analysis {
namespace {

TEST(ResultsReader, OfAForeignHdf5FileSaysWhatResultsFilesAre) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("shopsim_foreign_" + std::to_string(getpid()) + ".h5");
  { const Hdf5Store foreign = Hdf5Store::create(file.string()); }
  sim::Diagnostics diagnostics;
  EXPECT_FALSE(ResultsReader::open(file.string(), diagnostics));
  std::filesystem::remove(file);
  ASSERT_EQ(diagnostics.all().size(), 1U) << sim::to_text(diagnostics);
  EXPECT_EQ(diagnostics.all()[0].message, "this HDF5 file was not written by shopsim run");
  EXPECT_EQ(diagnostics.all()[0].hint, "results files are what `shopsim run -o FILE` writes");
}

}  // namespace
}  // namespace shopsim::analysis
