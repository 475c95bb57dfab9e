// SPDX-License-Identifier: GPL-3.0-or-later
// seal_bench: what a dictionary takes off a unit, in bytes and in steps of the padding, and how
// long sealing and opening take, and the signature inside. Units of people, companies and one event
// that are not in the dictionary's samples.
#include "sync/program/program.h"
#include "sync/receipt/unit_signature.h"
#include "sync/record/codec.h"
#include "sync/seal/squeeze.h"
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_data.h"
#include "tests/support/sample_event.h"

#include <array>
#include <cstdlib>
#include <numeric>

#include <fmt/format.h>

namespace {

using namespace tapport;
using namespace tapport::bench;
using record::UnitKind;

constexpr std::uint32_t kUnits = 200;

struct Person {
    const char* name;
    const char* company;
    const char* mail;
    const char* phone;
};
constexpr std::array<Person, 5> kPeople{
    {{"Charlotte Whitfield", "Northwind Pumps", "charlotte.whitfield", "+447700900123"},
     {"Ben Okoro", "Okoro & Sons Ltd", "b.okoro", "+15550100"},
     {"Ines Fontaine", "Atelier Bleu SARL", "ines", "+33199000123"},
     {"Viktor Lindqvist", "", "viktor.lindqvist", ""},
     {"Priya Raman", "Raman Hydraulics Private Limited", "priya", "+919999900123"}}};
constexpr std::array<const char*, 3> kNotes{"asked twice about the noise of the blue valve",
                                            "visit at the plant in spring, bring Ravi",
                                            "nur Katalog, kein Besuch vor Ostern"};

template <typename Id>
void fill(Id& id) {
    program::fillRandom(id.bytes.data(), id.bytes.size());
}

record::Epoch kEpoch;

record::PositionedUnit unitOf(const event::Event& event, UnitKind kind, std::size_t answers,
                              std::uint32_t number) {
    record::PositionedUnit placed{{{"kiosk-1"}, kEpoch, 100 + number},
                                  sampleVisit(event, number).units.front(),
                                  record::Signature()};
    fill(*placed.proof);
    fill(placed.signature);
    record::Unit& unit = placed.unit;
    unit.kind = kind;
    unit.consents.resize(answers);
    const Person& person = kPeople.at(number % kPeople.size());
    unit.contact =
        record::Contact{person.name, person.company, std::string(person.mail) + "@mail.example.net",
                        person.phone, ""};
    for (record::ConsentEvent& consent : unit.consents) {
        consent.evidence.dwell = record::Millis(1'200 + number * 17 % 5'000);
        if (kind == UnitKind::Refusal) {
            consent.state = record::ConsentState::Refused;
            consent.method = record::Method::KioskNo;
        } else if (kind == UnitKind::Withdrawal) {
            consent.state = record::ConsentState::Withdrawn;
            consent.method = record::Method::ReTap;
            consent.evidence.screen = "recorded";
            consent.evidence.optionOrder = "withdraw";
            consent.causes = {program::newRecordId()};
            consent.hubState = 500 + number;
        }
    }
    if (kind != UnitKind::Visit) {
        unit.contact.reset();
    }
    if (kind == UnitKind::Refusal) {
        unit.vault.reset();
    }
    if (kind == UnitKind::Conversation) {
        unit.receipt.reset();
        placed.proof.reset();
        record::Conversation talk;
        talk.id = record::idBeside(unit.id, 1);
        talk.staff = event.staff.front().id;
        talk.at = unit.at;
        talk.need = event.needs.at(number % event.needs.size()).id;
        talk.readiness = event.readiness.at(number % event.readiness.size()).id;
        talk.note = kNotes.at(number % kNotes.size());
        unit.conversations = {talk};
    }
    return placed;
}

/// The same questions under other ids: what an organiser makes of the example.
event::Event renamed(event::Event event) {
    event.id = {"valve-days-2027"};
    const std::array<const char*, 4> purposes{"offers", "offers", "invitations", "after-sales"};
    for (std::size_t i = 0; i < event.asks.size(); ++i) {
        event.asks[i].purpose = {purposes.at(i)};
        event.asks[i].noticeId = fmt::format("{}-notice", purposes.at(i));
    }
    return event;
}

double mean(const std::vector<std::size_t>& sizes) {
    return std::accumulate(sizes.begin(), sizes.end(), 0.0) / static_cast<double>(sizes.size());
}

/// What a unit would take that is not squeezed.
std::size_t paddedAsItIs(std::size_t size) {
    const std::size_t steps =
        size < seal::kSmallestUnit ? 0 : (size - seal::kSmallestUnit) / seal::kPadding + 1;
    return seal::kSmallestUnit + steps * seal::kPadding;
}

void measure(const char* name, const event::Event& event, UnitKind kind, std::size_t answers) {
    constexpr std::size_t kOverhead = 48;  // of crypto_box_seal
    const seal::SealingKeys keys = seal::makeSealingKeys();
    std::vector<std::size_t> plain;
    std::vector<std::size_t> squeezed;
    std::vector<std::size_t> paddedPlain;
    std::vector<std::size_t> padded;
    Samples squeezing;
    Samples expanding;
    Samples sealing;
    Samples opening;
    for (std::uint32_t i = 0; i < kUnits; ++i) {
        const record::PositionedUnit unit = unitOf(event, kind, answers, i);
        const Bytes bytes = record::encode(unit);
        plain.push_back(bytes.size());
        paddedPlain.push_back(paddedAsItIs(bytes.size()));
        auto start = Clock::now();
        seal::Secret frame = seal::squeeze(bytes);
        squeezing.add(millisSince(start));
        squeezed.push_back(frame->size());
        start = Clock::now();
        if (!seal::expand(*frame)) {
            std::abort();
        }
        expanding.add(millisSince(start));
        start = Clock::now();
        const Bytes sealed = seal::sealUnit(unit, keys.publicKey);
        sealing.add(millisSince(start));
        padded.push_back(sealed.size() - kOverhead);
        start = Clock::now();
        if (seal::openUnit(sealed, keys) != unit) {
            std::abort();
        }
        opening.add(millisSince(start));
    }
    const auto micros = [](const Samples& samples) { return 1000 * samples.quantile(0.5); };
    fmt::print("{:<28} {:>6.0f} {:>8.0f} {:>8.0f} {:>8.0f} {:>9.0f} {:>7.0f} {:>6.0f} {:>6.0f}\n",
               name, mean(plain), mean(squeezed), mean(paddedPlain), mean(padded),
               micros(squeezing), micros(expanding), micros(sealing), micros(opening));
}

void measureSignature(const event::Event& event) {
    const receipt::SigningKeys keys = receipt::makeSigningKeys();
    Samples signing;
    Samples checking;
    for (std::uint32_t i = 0; i < kUnits; ++i) {
        record::PositionedUnit unit = unitOf(event, UnitKind::Visit, 4, i);
        auto start = Clock::now();
        unit.signature = receipt::signUnit(unit, keys);
        signing.add(millisSince(start));
        start = Clock::now();
        if (!receipt::fits(unit.signature, receipt::signedPart(unit), keys.publicKey)) {
            std::abort();
        }
        checking.add(millisSince(start));
    }
    fmt::print("signature over a visit of four: made in {:.0f} us, checked in {:.0f} us (median)\n",
               1000 * signing.quantile(0.5), 1000 * checking.quantile(0.5));
}

}  // namespace

int main() {
    if (!seal::initialise()) {
        return 1;
    }
    fill(kEpoch);
    const event::Event example = support::sampleEvent();
    for (const event::Event& event : {example, renamed(example)}) {
        fmt::print("{}: bytes (mean of {}), microseconds (median)\n", event.id.value, kUnits);
        fmt::print("{:<28} {:>6} {:>8} {:>8} {:>8} {:>9} {:>7} {:>6} {:>6}\n", "", "plain",
                   "squeezed", "padded", "now", "squeeze", "expand", "seal", "open");
        measure("visit, four yeses", event, UnitKind::Visit, 4);
        measure("visit, three", event, UnitKind::Visit, 3);
        measure("visit, two", event, UnitKind::Visit, 2);
        measure("visit, one", event, UnitKind::Visit, 1);
        measure("refusal of four", event, UnitKind::Refusal, 4);
        measure("refusal of three", event, UnitKind::Refusal, 3);
        measure("refusal of two", event, UnitKind::Refusal, 2);
        measure("refusal of one", event, UnitKind::Refusal, 1);
        measure("withdrawal of four", event, UnitKind::Withdrawal, 4);
        measure("withdrawal of one", event, UnitKind::Withdrawal, 1);
        measure("conversation", event, UnitKind::Conversation, 0);
    }
    measureSignature(example);
    return 0;
}
