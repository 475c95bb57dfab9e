// SPDX-License-Identifier: GPL-3.0-or-later
// The promises of hardware/reader/badge_reader.h, kept by the fake that other tests rely on and by
// the real thing: supervisor, tapport-reader, libnfc and a simulated chip.
#include "hardware/ndef/content.h"
#include "hardware/reader/reader_supervisor.h"
#include "tests/support/badge_sim.h"
#include "tests/support/fake_badge_reader.h"
#include "tests/support/reader_log.h"

#include <gtest/gtest.h>

namespace tapport {
namespace {

Bytes messageWith(const std::string& uri) {
    return ndef::encodeMessage({ndef::uriRecord(uri)}).value();
}

/// What the cases below need to do to a reader.
class FakeRig {
  public:
    reader::BadgeReader& reader() { return reader_; }
    void place(const std::string& uri) { reader_.place({4, 1, 2, 3, 4, 5, 6}, messageWith(uri)); }
    void placeEmpty() { reader_.placeUnusable(reader::Unusable::Empty); }
    void remove() { reader_.remove(); }
    void lose() { reader_.lose(); }
    void comeBack() { reader_.comeBack(); }

  private:
    support::FakeBadgeReader reader_;
};

class RealRig {
  public:
    reader::BadgeReader& reader() { return reader_; }
    void place(const std::string& uri) { sim_.ctl({"place", "--uri", uri}); }
    void placeEmpty() { sim_.ctl({"place"}); }
    void remove() { sim_.ctl({"remove"}); }
    void lose() { sim_.ctl({"hangup"}); }
    void comeBack() { sim_.ctl({"alive"}); }

  private:
    support::BadgeSim sim_;
    reader::ReaderSupervisor reader_{
        reader::SupervisorSettings{support::program("tapport-reader"), sim_.connstring()}};
};

template <typename Rig>
class BadgeReaderContract : public testing::Test {
  protected:
    void begin() {
        rig_.reader().start(log_.listener());
        ASSERT_EQ(log_.waitFor("back"), "back");
        log_.clear();
    }

    support::ReaderLog log_;
    Rig rig_;
};

using Rigs = testing::Types<FakeRig, RealRig>;
TYPED_TEST_SUITE(BadgeReaderContract, Rigs);

TYPED_TEST(BadgeReaderContract, AnnouncesABadgeOnceAndItsRemoval) {
    this->begin();

    this->rig_.place("https://ev.example/b/1");
    EXPECT_EQ(this->log_.waitFor("read"), "read");
    EXPECT_EQ(this->log_.lastMessage(), messageWith("https://ev.example/b/1"));
    EXPECT_EQ(this->log_.lastUid().size(), 7U);
    this->rig_.remove();

    EXPECT_EQ(this->log_.waitFor("read removed"), "read removed");
}

TYPED_TEST(BadgeReaderContract, TellsABadgeItCannotUse) {
    this->begin();

    this->rig_.placeEmpty();
    EXPECT_EQ(this->log_.waitFor("empty"), "empty");
    this->rig_.remove();

    EXPECT_EQ(this->log_.waitFor("empty removed"), "empty removed");
}

TYPED_TEST(BadgeReaderContract, WritesTheNextBadgeInsteadOfReadingIt) {
    this->begin();

    this->rig_.reader().write(messageWith("https://ev.example/b/2"));
    this->rig_.placeEmpty();

    EXPECT_EQ(this->log_.waitFor("written"), "written");
    this->rig_.remove();  // was never announced, so it does not leave either
    this->rig_.place("https://ev.example/b/3");
    EXPECT_EQ(this->log_.waitFor("written read"), "written read");
}

TYPED_TEST(BadgeReaderContract, WritesTheBadgeThatLiesThere) {
    this->begin();
    this->rig_.place("https://ev.example/b/1");
    ASSERT_EQ(this->log_.waitFor("read"), "read");

    this->rig_.reader().write(messageWith("https://ev.example/b/2"));

    EXPECT_EQ(this->log_.waitFor("read written"), "read written");
}

TYPED_TEST(BadgeReaderContract, LaterWriteRequestFailsTheEarlierOne) {
    this->begin();

    this->rig_.reader().write(messageWith("https://ev.example/b/1"));
    this->rig_.reader().write(messageWith("https://ev.example/b/2"));
    EXPECT_EQ(this->log_.waitFor("unwritten"), "unwritten");
    this->rig_.placeEmpty();

    EXPECT_EQ(this->log_.waitFor("unwritten written"), "unwritten written");
}

TYPED_TEST(BadgeReaderContract, TellsOfLosingTheReaderAndOfItsReturn) {
    this->begin();
    this->rig_.place("https://ev.example/b/1");
    ASSERT_EQ(this->log_.waitFor("read"), "read");
    this->rig_.reader().write(messageWith("https://ev.example/b/2"));
    ASSERT_EQ(this->log_.waitFor("read written"), "read written");

    this->rig_.lose();
    EXPECT_EQ(this->log_.waitFor("read written lost"), "read written lost");
    this->rig_.remove();
    this->rig_.comeBack();

    EXPECT_EQ(this->log_.waitFor("read written lost back"), "read written lost back");
}

TYPED_TEST(BadgeReaderContract, LosingTheReaderFailsAPendingWrite) {
    this->begin();

    this->rig_.reader().write(messageWith("https://ev.example/b/1"));
    this->rig_.lose();

    EXPECT_EQ(this->log_.waitFor("lost unwritten"), "lost unwritten");
}

}  // namespace
}  // namespace tapport
