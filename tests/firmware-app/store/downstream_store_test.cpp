// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/downstream_store.h"

#include "firmware-app/store/edition.h"
#include "firmware-app/store/memory.h"
#include "sync/receipt/signed_document.h"
#include "sync/vault/roster.h"
#include "sync/vault/withdrawn.h"
#include "tests/firmware-app/store/store_fixture.h"
#include "tests/support/child_process.h"

namespace tapport::store {
namespace {

using record::ConsentState;

template <typename Id>
Id idOf(std::uint8_t byte) {
    return *Id::from(Bytes(Id::kSize, byte));
}

const wire::HubEpoch kHub = idOf<wire::HubEpoch>(7);

wire::DownItem itemOf(wire::ItemKind kind, ByteView key, std::optional<Bytes> payload) {
    return {kind, toBytes(key), std::move(payload)};
}

record::ConsentEvent decision(std::uint8_t id, ConsentState state,
                              std::vector<record::RecordId> causes = {}) {
    record::ConsentEvent event;
    event.id = idOf<record::RecordId>(id);
    event.purpose = {"newsletter"};
    event.state = state;
    event.causes = std::move(causes);
    return event;
}

class DownstreamStoreTest : public StoreFixture {
  protected:
    std::unique_ptr<DownstreamStore> openDownstream(const std::string& event = "fair-2026") const {
        auto opened = DownstreamStore::open(directory / "down.db", {event});
        EXPECT_TRUE(opened) << opened.error().context;
        return std::move(opened).value_or(nullptr);
    }
    static wire::DownState apply(DownstreamStore& store, std::uint64_t from, std::uint64_t through,
                                 std::vector<wire::DownItem> items,
                                 const wire::HubEpoch& hub = kHub,
                                 wire::Rest rest = wire::Rest::Some) {
        return store
            .apply(
                {{"fair-2026"}, {"kiosk-1"}, hub, {from, 0}, {through, 0}, std::move(items), rest})
            .value();
    }
    /// What the hub would tell of a badge.
    static wire::DownItem vaultItem(const seal::BadgeIdentity& badge, const vault::Entry& entry) {
        return itemOf(wire::ItemKind::Vault, badge.vault.lookup.view(),
                      vault::close(entry, badge.vault).sealed);
    }

    seal::BadgeIdentity badge = seal::deriveBadge(viewOf("token-1"), Bytes(32, 1));
    seal::BadgeIdentity other = seal::deriveBadge(viewOf("token-2"), Bytes(32, 1));
};

TEST_F(DownstreamStoreTest, KeepsItemsAndVersionTogether) {
    auto store = openDownstream();
    EXPECT_EQ(store->downState(), wire::DownState{});

    const auto has =
        apply(*store, 0, 4, {itemOf(wire::ItemKind::Command, viewOf("end"), Bytes{1})});
    store.reset();
    store = openDownstream();

    EXPECT_EQ(has, (wire::DownState{kHub, {4, 0}}));
    EXPECT_EQ(store->downState(), has);
    EXPECT_EQ(store->command("end").value(), Bytes{1});
}

TEST_F(DownstreamStoreTest, TakesAChunkTwiceOnce) {
    const auto store = openDownstream();
    const auto item = itemOf(wire::ItemKind::Command, viewOf("end"), Bytes{1});
    apply(*store, 0, 4, {item});
    apply(*store, 4, 6, {itemOf(wire::ItemKind::Command, viewOf("end"), std::nullopt)});

    const auto has = apply(*store, 0, 4, {item});

    EXPECT_EQ(has, (wire::DownState{kHub, {6, 0}}));
    EXPECT_FALSE(store->command("end").value());
}

TEST_F(DownstreamStoreTest, TakesNothingBehindAGap) {
    const auto store = openDownstream();
    apply(*store, 0, 4, {});

    const auto has =
        apply(*store, 5, 6, {itemOf(wire::ItemKind::Command, viewOf("end"), Bytes{1})});

    EXPECT_EQ(has, (wire::DownState{kHub, {4, 0}}));
    EXPECT_FALSE(store->command("end").value());
}

TEST_F(DownstreamStoreTest, GoesOnInBothOrdersAfterARestart) {
    auto store = openDownstream();
    const auto chunkOf = [](const wire::DownVersion& from, const wire::DownVersion& through,
                            wire::ItemKind kind, std::string_view key) {
        const auto item = itemOf(kind, viewOf(key), Bytes{1});
        return wire::DownChunk{{"fair-2026"}, {"kiosk-1"}, kHub, from, through, {item}};
    };
    ASSERT_TRUE(store->apply(chunkOf({}, {0, 9}, wire::ItemKind::Roster, "a")));
    const auto urgent = chunkOf({0, 9}, {4, 9}, wire::ItemKind::Command, "end");
    ASSERT_TRUE(store->apply(urgent));
    store.reset();
    store = openDownstream();

    EXPECT_EQ(store->downState(), (wire::DownState{kHub, {4, 9}}));
    EXPECT_EQ(store->command("end").value(), Bytes{1});
    EXPECT_EQ(store->find(other.vault)->version, 4U) << "a roster says nothing of a consent";
    const auto late = chunkOf({0, 9}, {0, 12}, wire::ItemKind::Roster, "b");
    EXPECT_EQ(store->apply(late), (wire::DownState{kHub, {4, 9}})) << "made before the urgent one";
    const auto next = chunkOf({4, 9}, {4, 12}, wire::ItemKind::Roster, "b");
    EXPECT_EQ(store->apply(next), (wire::DownState{kHub, {4, 12}}));
}

TEST_F(DownstreamStoreTest, ARestoredHubBeginsAnewAndWhatIsHereStays) {
    const auto store = openDownstream();
    const wire::HubEpoch restored = idOf<wire::HubEpoch>(8);
    apply(*store, 0, 40, {itemOf(wire::ItemKind::Command, viewOf("old"), Bytes{1})});

    EXPECT_EQ(apply(*store, 40, 41, {}, restored), (wire::DownState{restored, {0, 0}}));
    EXPECT_EQ(apply(*store, 0, 3, {}, restored), (wire::DownState{restored, {3, 0}}));
    EXPECT_TRUE(store->command("old").value());
}

TEST_F(DownstreamStoreTest, WhatARestoredHubDoesNotTellIsNoMoreOnceItHasToldAll) {
    auto store = openDownstream();
    const wire::HubEpoch restored = idOf<wire::HubEpoch>(8);
    const auto itemNamed = [](std::string_view name, std::uint8_t payload) {
        return itemOf(wire::ItemKind::Command, viewOf(name), Bytes{payload});
    };
    apply(*store, 0, 40, {itemNamed("both", 1), itemNamed("gone", 1)}, kHub, wire::Rest::None);
    EXPECT_EQ(store->isWhole(), true);

    apply(*store, 0, 3, {itemNamed("both", 2)}, restored);
    EXPECT_EQ(store->isWhole(), false);
    EXPECT_TRUE(store->command("gone").value()) << "until it has told all";
    store.reset();
    store = openDownstream();
    apply(*store, 3, 4, {itemNamed("new", 2)}, restored, wire::Rest::None);

    EXPECT_FALSE(store->command("gone").value());
    EXPECT_EQ(store->command("both").value(), Bytes{2});
    EXPECT_TRUE(store->command("new").value());
    EXPECT_EQ(store->isWhole(), true);
}

TEST_F(DownstreamStoreTest, ARestoredHubWithNothingToTellSaysSo) {
    const auto store = openDownstream();
    apply(*store, 0, 40, {itemOf(wire::ItemKind::Command, viewOf("gone"), Bytes{1})});

    apply(*store, 0, 1, {}, idOf<wire::HubEpoch>(8), wire::Rest::None);

    EXPECT_FALSE(store->command("gone").value());
}

TEST_F(DownstreamStoreTest, IsMadeAnewForAnotherEventAndWhenDamaged) {
    apply(*openDownstream(), 0, 4, {});
    EXPECT_EQ(openDownstream("fair-2027")->downState(), wire::DownState{});
    apply(*openDownstream(), 0, 4, {});

    support::writeFile(directory / "down.db", "this is no database, and long enough to be seen");

    EXPECT_EQ(openDownstream()->downState(), wire::DownState{});
}

TEST_F(DownstreamStoreTest, TellsOfABadgeToWhoHasIt) {
    const auto store = openDownstream();
    const vault::Entry entry{badge.subject, {decision(1, ConsentState::Given)}, {}, {}};
    const record::Contact contact{"Ada Example", "", "ada@example.com", "", ""};
    apply(*store, 0, 4,
          {vaultItem(badge, entry), itemOf(wire::ItemKind::Roster, badge.vault.lookup.view(),
                                           vault::closeRoster(contact, badge.vault).sealed)});

    const auto told = store->find(badge.vault);

    ASSERT_TRUE(told);
    EXPECT_EQ(told->entry, entry);
    EXPECT_EQ(told->contact, contact);
    EXPECT_EQ(told->version, 4U);
    EXPECT_FALSE(store->find(other.vault)->entry);
    EXPECT_EQ(store->find({badge.vault.lookup, other.vault.key}).error().code, Code::Crypto);
}

TEST_F(DownstreamStoreTest, NothingOfItCanBeReadInItsFiles) {
    const auto store = openDownstream();
    vault::Entry entry{badge.subject, {decision(1, ConsentState::Given)}, {}, {}};
    entry.contact = record::Contact{"Canary Example", "", "canary@example.com", "", ""};
    apply(*store, 0, 4, {vaultItem(badge, entry)});

    for (const char* file : {"down.db", "down.db-wal"}) {
        EXPECT_EQ(support::readFile(directory / file).find("anary"), std::string::npos) << file;
    }
}

TEST_F(DownstreamStoreTest, AtATapBothMemoriesAreOne) {
    const auto own = open();
    const auto others = openDownstream();
    const auto yes = decision(1, ConsentState::Given);
    const auto no = decision(2, ConsentState::Withdrawn, {yes.id});
    vault::Entry entry{badge.subject, {yes}, {}, {}};
    ASSERT_TRUE(own->commit({}, EntryToKeep{badge.vault, entry}));

    EXPECT_EQ(recall(*own, *others, badge.vault)->entry, entry);
    EXPECT_FALSE(recall(*own, *others, other.vault)->entry);
    apply(*others, 0, 9, {vaultItem(badge, {badge.subject, {no}, {}, {}})});
    const auto memory = recall(*own, *others, badge.vault);

    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->entry->decisions, std::vector{no});
    EXPECT_EQ(memory->hubState, 9U);
}

TEST_F(DownstreamStoreTest, WhatWasTakenBackAwayFromTheBadgeIsANoWhereverTheYesWasMade) {
    const auto own = open();
    const auto others = openDownstream();
    const auto yes = decision(1, ConsentState::Given);
    const auto elsewhere = decision(2, ConsentState::Given);
    const auto no = decision(3, ConsentState::Withdrawn, {yes.id, elsewhere.id});
    const auto told = [&](const seal::BadgeIdentity& whose) {
        return itemOf(wire::ItemKind::Vault, vault::withdrawnKey(whose.vault.lookup),
                      vault::encodeWithdrawn({no}, wire::kMostItemBytes));
    };
    const auto isNo = [&](const Memory& memory) {
        return memory.entry && memory.entry->decisions.size() == 1 &&
               memory.entry->decisions[0].id == no.id && !memory.entry->contact;
    };
    vault::Entry here{badge.subject, {yes}, {}, {}};
    here.contact = record::Contact{"Ada Example", "", "ada@example.com", "", ""};
    ASSERT_TRUE(own->commit({}, EntryToKeep{badge.vault, here}));

    apply(*others, 0, 1, {told(badge)});
    EXPECT_TRUE(isNo(*recall(*own, *others, badge.vault))) << "recorded here";
    EXPECT_EQ(recall(*own, *others, badge.vault)->entry->subject, badge.subject);

    apply(*others, 1, 3,
          {vaultItem(other, {other.subject, {elsewhere}, here.contact, {}}), told(other)});
    EXPECT_TRUE(isNo(*recall(*own, *others, other.vault))) << "recorded elsewhere";
    EXPECT_EQ(recall(*own, *others, other.vault)->entry->subject, other.subject);

    const seal::BadgeIdentity third = seal::deriveBadge(viewOf("token-3"), Bytes(32, 1));
    apply(*others, 3, 4, {told(third)});
    const auto nothing = recall(*own, *others, third.vault);
    EXPECT_FALSE(nothing->entry) << "of whose yes nothing is known";
    ASSERT_EQ(nothing->beside.size(), 1U) << "and the next one names it";
    EXPECT_EQ(nothing->beside[0].id, no.id);
}

TEST_F(DownstreamStoreTest, WhatDoesNotOpenIsLeftOut) {
    const auto own = open();
    const auto others = openDownstream();
    vault::Entry entry{badge.subject, {decision(1, ConsentState::Given)}, {}, {}};
    ASSERT_TRUE(own->commit({}, EntryToKeep{badge.vault, entry}));
    apply(*others, 0, 9, {itemOf(wire::ItemKind::Vault, badge.vault.lookup.view(), Bytes(300, 1))});

    EXPECT_EQ(recall(*own, *others, badge.vault)->entry, entry);
}

/// As the root signed it, and in how many pieces the hub tells it.
std::vector<wire::DownItem> partsOf(std::string_view file, std::uint64_t edition) {
    const std::size_t half = file.size() / 2;
    std::vector<wire::DownItem> items;
    std::uint8_t key = 0;
    for (const auto part : {file.substr(0, half), file.substr(half)}) {
        items.push_back(itemOf(wire::ItemKind::EventPart, Bytes{key++},
                               wire::encode(wire::EventPart{edition, 2, toBytes(viewOf(part))})));
    }
    return items;
}

/// As a worn-out card does: the table's own page, and no other.
void spoilItems(const std::filesystem::path& file) {
    std::uint64_t page = 0;
    std::uint64_t size = 0;
    {
        SQLite::Database db(file.string(), SQLite::OPEN_READONLY);
        page = db.execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'item'").getUInt();
        size = db.execAndGet("PRAGMA page_size").getUInt();
    }
    std::string bytes = support::readFile(file);
    ASSERT_GE(bytes.size(), page * size);
    bytes.replace((page - 1) * size, size, size, '\xFF');
    support::writeFile(file, bytes);
}

std::string editionOf(std::uint64_t number, const Bytes& seed = support::sampleRootSeed()) {
    return receipt::signDocument(event::editionOf(support::sampleEventJson(), number).value(),
                                 receipt::signingKeysFrom(seed).value())
        .value();
}

TEST_F(DownstreamStoreTest, GivesAnEventFileOnceAllOfItIsHere) {
    const auto store = openDownstream();
    const std::string second = editionOf(2);
    const std::string third = editionOf(3);
    EXPECT_FALSE(store->eventFile().value());

    apply(*store, 0, 1, {partsOf(second, 2)[0]});
    EXPECT_FALSE(store->eventFile().value());
    apply(*store, 1, 2, {partsOf(second, 2)[1]});
    EXPECT_EQ(store->eventFile().value(), second);
    apply(*store, 2, 3, {partsOf(third, 3)[0]});
    EXPECT_FALSE(store->eventFile().value()) << "of two editions";
    apply(*store, 3, 4, {partsOf(third, 3)[1]});
    EXPECT_EQ(store->eventFile().value(), third);
}

TEST_F(DownstreamStoreTest, DamageThatIsFoundLaterIsGoneWithTheNextStart) {
    const std::string second = editionOf(2);
    using Find = Code (*)(DownstreamStore&);
    const std::vector<Find> finders{
        [](DownstreamStore& store) { return store.eventFile().error().code; },
        [](DownstreamStore& store) {
            const auto item = itemOf(wire::ItemKind::Command, viewOf("end"), Bytes{1});
            return store
                .apply({{"fair-2026"}, {"kiosk-1"}, kHub, {4, 0}, {5, 0}, {item}, wire::Rest::Some})
                .error()
                .code;
        }};
    for (const Find find : finders) {
        apply(*openDownstream(), 0, 4, partsOf(second, 2));
        spoilItems(directory / "down.db");
        auto store = openDownstream();
        EXPECT_EQ(store->downState(), (wire::DownState{kHub, {4, 0}}))
            << "as far as anybody looked";

        EXPECT_EQ(find(*store), Code::Storage);
        store.reset();
        store = openDownstream();

        EXPECT_EQ(store->downState(), wire::DownState{});
        apply(*store, 0, 4, partsOf(second, 2));
        EXPECT_EQ(store->eventFile().value(), second);
        store.reset();
        std::filesystem::remove(directory / "down.db");
    }
}

TEST_F(DownstreamStoreTest, OnlyALaterEditionOfTheRootIsTaken) {
    const event::Event file = support::sampleEvent();
    const auto second = laterEdition(editionOf(2), file);
    ASSERT_TRUE(second);

    EXPECT_EQ(second->edition, 2U);
    EXPECT_TRUE(laterEdition(editionOf(3), *second));
    EXPECT_EQ(laterEdition(editionOf(2), *second).error().code, Code::Conflict);
    EXPECT_EQ(laterEdition(editionOf(1), *second).error().code, Code::Conflict);
    EXPECT_EQ(laterEdition(editionOf(3, Bytes(32, 1)), file).error().code, Code::Crypto);
    EXPECT_FALSE(laterEdition(support::sampleEventJson(), file)) << "not signed";
    event::Event others = file;
    others.badgeSalt = Bytes(32, 9);
    EXPECT_EQ(laterEdition(editionOf(3), others).error().code, Code::Conflict);
}

}  // namespace
}  // namespace tapport::store
