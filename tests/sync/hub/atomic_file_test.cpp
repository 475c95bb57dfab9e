// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/atomic_file.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

TEST(AtomicFile, ReplacesTheWholeFileAndLeavesNothingBeside) {
    const support::TempDir dir;
    support::writeFile(dir / "leads.csv", "old");

    ASSERT_TRUE(writeAtomically(dir / "leads.csv", "new"));

    EXPECT_EQ(support::readFile(dir / "leads.csv"), "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST(AtomicFile, AFolderThatIsNotThereIsAClearError) {
    const support::TempDir dir;

    const auto written = writeAtomically(dir / "nowhere" / "leads.csv", "new");

    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::Storage);
}

}  // namespace
}  // namespace tapport::hub
