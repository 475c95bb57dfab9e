// SPDX-License-Identifier: GPL-3.0-or-later
// The page and `tapport receipt verify` share no code. Here both read the same receipts: payloads
// that were changed at random and then properly signed, so that only their readers are left to
// refuse them.
#include "sync/receipt/explain.h"
#include "sync/receipt/jws.h"
#include "tests/journey/verifier/script.h"
#include "tests/support/published_event.h"

#include <random>

#include <gmock/gmock.h>

namespace tapport::journey {
namespace {

using record::ConsentState;

constexpr std::size_t kEach = 400;

std::string payloadOf(const std::string& jws) {
    return receipt::split(jws).value().payload;
}

/// One change that keeps most of it well-formed: a character, a digit, a cut, a doubled stretch.
std::string mutate(std::string payload, std::mt19937& random) {
    constexpr std::string_view kAlphabet = "{}[]:,\"\\0123456789-.eEtrufalsn \x7f";
    const std::size_t at = random() % payload.size();
    switch (random() % 5) {
        case 0:
            payload[at] = kAlphabet[random() % kAlphabet.size()];
            break;
        case 1:
            payload.insert(at, 1, kAlphabet[random() % kAlphabet.size()]);
            break;
        case 2:
            payload.erase(at, 1 + random() % 8);
            break;
        case 3:
            payload.insert(at, payload.substr(at, 1 + random() % 30));
            break;
        default:
            if (const std::size_t digit = payload.find_first_of("0123456789", at);
                digit != std::string::npos) {
                payload[digit] = static_cast<char>('0' + random() % 10);
            }
    }
    return payload;
}

/// Swaps the value of one member, at any depth, for another kind of value.
std::string swapValue(const std::string& payload, std::mt19937& random) {
    static const std::vector<nlohmann::json> kValues{nullptr,
                                                     true,
                                                     0,
                                                     -1,
                                                     9007199254740991,
                                                     "",
                                                     "x",
                                                     "AA",
                                                     nlohmann::json::array(),
                                                     nlohmann::json::object()};
    const nlohmann::json flat = nlohmann::json::parse(payload).flatten();
    auto chosen = flat.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(random() % flat.size()));
    nlohmann::json changed = nlohmann::json::parse(payload);
    changed[nlohmann::json::json_pointer(chosen.key())] = kValues[random() % kValues.size()];
    return changed.dump();
}

std::string nameOf(receipt::Standing standing) {
    switch (standing) {
        case receipt::Standing::Valid:
            return "valid";
        case receipt::Standing::Unconfirmed:
            return "unconfirmed";
        case receipt::Standing::Invalid:
            return "invalid";
    }
    return "";
}

TEST(VerifierAgreement, BothReadersSayTheSameOfChangedReceipts) {
    support::PublishedEvent event;
    ASSERT_EQ(event.publish({"--revoke", support::PublishedEvent::beforeThat()}).status, 0);
    std::mt19937 random(20261125);  // NOLINT: the same receipts on every run
    std::vector<std::string> receipts;
    for (const ConsentState state : {ConsentState::Given, ConsentState::Refused}) {
        auto unit = event.unit(state, 2, "de");
        for (const std::uint64_t seq : {41, 42}) {  // the last that the revoked kiosk may state
            unit.position.seq = seq;
            for (const std::string& whole : {event.summaryJws(unit), event.fullJws(unit)}) {
                const std::string payload = payloadOf(whole);
                receipts.push_back(whole);
                for (std::size_t i = 0; i < kEach / 8; ++i) {
                    receipts.push_back(receipt::sign(mutate(payload, random), event.kioskKeys()));
                    receipts.push_back(
                        receipt::sign(swapValue(payload, random), event.kioskKeys()));
                }
            }
        }
    }
    const std::string keys = support::readFile(event.path("keys.json"));
    const std::string notices = support::readFile(event.path("notices.json"));

    const auto verdicts = evaluate({"strict.js", "signatures.js", "receipt.js"},
                                   R"((async () => {
            const keySet = await readKeySet(given.keys, fromHex(given.root, 32));
            return Promise.all(given.receipts.map((receipt) =>
                verifyReceipt(receipt, { keySet, notices: given.notices })
                    .then((finding) => finding.verdict,
                          (problem) => problem instanceof Problem ? "invalid" : String(problem))));
        })())",
                                   {{"keys", nlohmann::json::parse(keys)},
                                    {"notices", nlohmann::json::parse(notices)},
                                    {"root", toHex(event.event().rootKey)},
                                    {"receipts", receipts}});

    ASSERT_EQ(verdicts.size(), receipts.size());
    const auto keySet = receipt::KeySet::parse(keys, event.event().rootKey).value();
    const event::Event published = event::parseNotices(notices).value();
    std::map<std::string, int> counted;
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        const auto finding = receipt::explain(receipts[i], {keySet, &published});
        const std::string standing = nameOf(finding.standing);
        ++counted[standing];
        // Of a full receipt the page reads each event, the command line the text: it may see less.
        const bool isFull = payloadOf(receipts[i]).starts_with(R"({"@context":)");
        if (!isFull || verdicts[i] != "invalid") {
            EXPECT_EQ(verdicts[i], standing) << finding.reason << "\n" << payloadOf(receipts[i]);
        }
    }
    EXPECT_GT(counted["valid"], 0);
    EXPECT_GT(counted["unconfirmed"], 0);
    EXPECT_GT(counted["invalid"], 100);
}

}  // namespace
}  // namespace tapport::journey
