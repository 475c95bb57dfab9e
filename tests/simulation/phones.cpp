// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/phones.h"

namespace tapport::simulation {
namespace {

constexpr int kMostTries = 8;
constexpr Millis kPatience{10'000};

}  // namespace

void Phones::begin() {
    common_.clock.after(common_.random.millis(0, 8000), [this] {
        if (common_.isTroubled) {
            look();
            begin();
        }
    });
}

/// Of what a screen confirmed: who walked away has none. Mostly the latest.
std::optional<record::ReceiptId> Phones::receiptOf(const Attendee& attendee) const {
    std::vector<record::ReceiptId> receipts;
    for (const Act& act : attendee.acts) {
        for (const record::Unit& unit : act.units) {
            if (act.isConfirmed && !act.isOnPhone && unit.receipt && !unit.consents.empty()) {
                receipts.push_back(*unit.receipt);
            }
        }
    }
    if (receipts.empty()) {
        return std::nullopt;
    }
    Random& random = common_.random;
    return random.happens(0.6) ? receipts.back() : receipts[random.between(0, receipts.size() - 1)];
}

void Phones::look() {
    const auto& people = common_.judge.attendees();
    const std::size_t attendee = common_.random.between(0, people.size() - 1);
    if (const auto receipt = receiptOf(people[attendee])) {
        ++people_;
        open(std::make_shared<Reader>(Reader{attendee, *receipt}));
    }
}

void Phones::open(const ReaderPtr& reader) {
    send(reader, {reader->receipt}, &Phones::opened, &Phones::open);
}

void Phones::opened(const ReaderPtr& reader, const PageAnswer& answer) {
    Random& random = common_.random;
    if (!answer || !*answer) {
        againLater(reader, &Phones::open);
        return;
    }
    common_.judge.saw((*answer)->taken);
    if ((*answer)->standing.empty() || random.happens(0.2)) {
        leave();
        return;
    }
    reader->page = **answer;
    reader->tries = 0;
    const auto& standing = reader->page->standing;
    if (random.happens(0.6)) {
        const auto which = static_cast<std::ptrdiff_t>(random.between(0, standing.size() - 1));
        reader->scope = std::next(standing.begin(), which)->first;
    }
    // The page may lie there, while its reader says yes to something else at a kiosk.
    const Millis pause = random.happens(0.7) ? random.millis(0, 3000) : random.millis(0, 60'000);
    common_.clock.after(pause, [this, reader] { press(reader); });
}

/// Again, after something else that this person did, it is another wish.
void Phones::press(const ReaderPtr& reader) {
    const auto& acts = common_.judge.attendees()[reader->attendee].acts;
    if (!reader->press || reader->press->act + 1 != acts.size()) {
        reader->press = common_.judge.pressed(reader->attendee);
    }
    send(reader, {reader->receipt, reader->press, reader->scope}, &Phones::pressed, &Phones::press);
}

void Phones::pressed(const ReaderPtr& reader, const PageAnswer& answer) {
    if (!answer || !*answer) {
        againLater(reader, &Phones::press);
        return;
    }
    common_.judge.saw((*answer)->taken);
    // What the page had shown, as far as the hub still has it: it may have been restored since.
    std::set<record::RecordId> yeses;
    for (const auto& [scope, some] : reader->page->standing) {
        if (!reader->scope || *reader->scope == scope) {
            std::copy_if(some.begin(), some.end(), std::inserter(yeses, yeses.end()),
                         [&](const record::RecordId& id) { return (*answer)->yeses.contains(id); });
        }
    }
    common_.judge.tookBack(*reader->press, yeses);
    leave();
}

void Phones::againLater(const ReaderPtr& reader, void (Phones::*what)(const ReaderPtr&)) {
    if (++reader->tries == kMostTries || happens(0.2)) {
        leave();
        return;
    }
    common_.clock.after(common_.random.millis(1000, 20'000),
                        [this, reader, what] { (this->*what)(reader); });
}

/// What a browser hears of a request behind which it has sent another one, it does not show.
void Phones::send(const ReaderPtr& reader, PageRequest request,
                  void (Phones::*answered)(const ReaderPtr&, const PageAnswer&),
                  void (Phones::*again)(const ReaderPtr&)) {
    const std::uint64_t number = ++requests_;
    reader->request = number;
    common_.clock.after(kPatience, [this, reader, number, again] {
        if (reader->request == number) {
            reader->request = 0;
            againLater(reader, again);
        }
    });
    const auto hear = [this, reader, number, answered](const PageAnswer& answer) {
        if (reader->request == number) {
            reader->request = 0;
            (this->*answered)(reader, answer);
        }
    };
    travel([this, request = std::move(request), hear] {
        ask_(request,
             [this, hear](const PageAnswer& answer) { travel([hear, answer] { hear(answer); }); });
    });
}

void Phones::travel(const std::function<void()>& arrive) {
    if (happens(0.08)) {
        return;
    }
    const int copies = happens(0.08) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        const auto most = static_cast<std::uint64_t>(slowest_.count());
        const Millis late =
            happens(0.05) ? common_.random.millis(0, 30'000) : common_.random.millis(1, most);
        ++onTheWay_;
        common_.clock.after(late, [this, arrive] {
            --onTheWay_;
            arrive();
        });
    }
}

}  // namespace tapport::simulation
