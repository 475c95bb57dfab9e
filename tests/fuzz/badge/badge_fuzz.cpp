// SPDX-License-Identifier: GPL-3.0-or-later
// A tag that anybody may lay on the reader: its memory, what it answers (also nothing, or less than
// was asked for), and then the message on it, up to the vCard. However it answers, a session ends,
// and writes nothing but the data area; what was written is read again. Text that was taken from a
// badge is taken once more as it is.
#include "firmware-app/visit/badge_message.h"
#include "firmware-app/visit/plain_text.h"
#include "firmware-app/visit/vcard.h"
#include "hardware/ndef/content.h"
#include "hardware/tag/type2_session.h"
#include "tests/fuzz/support/fuzz.h"

namespace {

using namespace tapport;
using fuzz::require;

constexpr std::size_t kPages = 256;
constexpr unsigned kMostSteps = 4 * kPages;

/// Answers from its memory, which begins at page 0 and is zero behind what was given; once, after
/// so many commands, with nothing.
class StrangeTag {
  public:
    StrangeTag(ByteView memory, unsigned silentAfter)
        : memory_(memory.begin(), memory.end()), silentAfter_(silentAfter) {
        memory_.resize(kPages * tag::kPageSize);
    }

    template <typename Session>
    tag::Finished run(Session session) {
        tag::Step step = session.start();
        for (unsigned i = 0; i < kMostSteps; ++i) {
            if (const auto* finished = std::get_if<tag::Finished>(&step)) {
                return *finished;
            }
            const auto* exchange = std::get_if<tag::Exchange>(&step);
            Bytes answer;
            if (exchange != nullptr) {
                answer = answerTo(*exchange);
            }
            step = session.next(i == silentAfter_ ? tag::Answer() : tag::Answer(answer));
        }
        require(false);
        return {};
    }
    [[nodiscard]] const Bytes& memory() const { return memory_; }

  private:
    Bytes answerTo(const tag::Exchange& exchange) {
        const Bytes& command = exchange.command;
        if (command[0] == 0xA2) {
            // Neither serial number nor lock bits nor capability container.
            require(command.size() == 6 && command[1] >= tag::kFirstDataPage);
            std::copy_n(command.begin() + 2, tag::kPageSize,
                        memory_.begin() + std::ptrdiff_t{command[1]} * 4);
            return {};
        }
        require(exchange.answerSize % tag::kPageSize == 0 && exchange.answerSize > 0);
        Bytes pages;
        for (std::size_t i = 0; i < exchange.answerSize; ++i) {
            pages.push_back(memory_[(command[1] * tag::kPageSize + i) % memory_.size()]);
        }
        return pages;
    }

    Bytes memory_;
    unsigned silentAfter_;
};

void readMessage(ByteView message) {
    const auto meaning = visit::readBadge(message, {"badge.tapport.example"});
    if (const auto* badge = std::get_if<visit::AttendeeBadge>(&meaning)) {
        require(!badge->token.empty() && badge->token.size() <= visit::kMaxTokenLength);
    }
}

void readCard(std::string_view text) {
    const record::Contact contact = visit::readVcard(text);
    for (const std::string* field : {&contact.name, &contact.company}) {
        require(visit::plainText(*field, visit::kMaxName) == *field);
    }
    using visit::ContactField;
    require(contact.email.empty() ||
            visit::contactValue(ContactField::Email, contact.email) == contact.email);
    require(contact.phone.empty() ||
            visit::contactValue(ContactField::Phone, contact.phone) == contact.phone);
    if (const auto code = visit::badgeCode(text)) {
        require(visit::badgeCode(*code) == *code);
    }
}

void readTag(ByteView input) {
    if (input.empty()) {
        return;
    }
    const ByteView memory = input.subspan(1);
    StrangeTag lying(memory, input[0]);
    const tag::Finished read = lying.run(tag::ReadSession());
    if (read.outcome == tag::Outcome::Done) {
        readMessage(read.message);
    }
    const Bytes message =
        ndef::encodeMessage({ndef::uriRecord("https://badge.tapport.example/b/abc")}).value();
    const tag::Finished written = lying.run(tag::WriteSession(message));
    if (written.outcome == tag::Outcome::Done) {
        StrangeTag patient(lying.memory(), kMostSteps);
        require(patient.run(tag::ReadSession()).message == message);
    }
}

enum Reader : std::uint8_t { Tag, Message, Card };

std::vector<Bytes> seeds() {
    constexpr std::string_view kCard =
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Attendee;Test;;;\r\nFN:Test Attendee\r\nORG:Example\\, "
        "Works;Sales\r\n"
        "item1.EMAIL;TYPE=work:test@example.com\r\nTEL;VALUE=uri:tel:+49-30-123456\r\nNOTE:a\r\n "
        "b\r\nEND:VCARD\r\n";
    const Bytes message =
        ndef::encodeMessage({ndef::uriRecord("https://badge.tapport.example/b/0123456789abcdef"),
                             ndef::mimeRecord("text/vcard", viewOf(kCard))})
            .value();
    std::vector<Bytes> all{fuzz::chosen(Message, message), fuzz::chosen(Card, kCard),
                           fuzz::chosen(Card, "AB12-CD34")};
    // NTAG213, 215, 216 and one of no known size: size octet, then the message as the first TLV.
    for (const std::uint8_t size : {0x12, 0x3E, 0x6D, 0x06}) {
        Bytes memory{0xFF, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0xE1, 0x10, size, 0};
        memory.insert(memory.end(), {0x01, 0x03, 0xA0, 0x0C, 0x34, 0x03, 0x10});
        const Bytes uri = ndef::encodeMessage({ndef::uriRecord("https://a.b/c")}).value();
        memory.back() = static_cast<std::uint8_t>(uri.size());
        memory.insert(memory.end(), uri.begin(), uri.end());
        memory.push_back(0xFE);
        all.push_back(fuzz::chosen(Tag, memory));
    }
    return all;
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return tapport::fuzz::readChosen(data, size, readTag, readMessage, readCard);
}
