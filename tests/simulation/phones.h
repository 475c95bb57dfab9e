// SPDX-License-Identifier: GPL-3.0-or-later
// The attendees' phones. Who has a receipt opens its page on the hub, looks at it for a while, and
// takes back one purpose or everything. Requests and answers are late, lost, or come twice; who
// hears nothing presses again, or gives up.
#pragma once

#include "tests/simulation/hub_page.h"
#include "tests/simulation/kiosk.h"

namespace tapport::simulation {

class Phones {
  public:
    using Answered = std::function<void(const PageAnswer&)>;
    /// The hub is asked, when it is awake; where there is none, nobody answers.
    using Ask = std::function<void(const PageRequest&, const Answered&)>;

    /// `slowest`: how long something is mostly on its way at most.
    Phones(Common& common, Ask ask, Millis slowest)
        : common_(common), ask_(std::move(ask)), slowest_(slowest) {}

    /// From now on people look at their pages, until there is no more trouble.
    void begin();
    /// Nobody waits for an answer, and nothing is on its way.
    [[nodiscard]] bool areIdle() const { return onTheWay_ == 0 && people_ == 0; }

  private:
    /// Somebody with the page of one receipt.
    struct Reader {
        std::size_t attendee = 0;
        record::ReceiptId receipt;
        std::optional<Page> page{};            ///< as it was loaded last
        std::optional<ActRef> press{};         ///< the last
        std::optional<ledger::Scope> scope{};  ///< of that press; none: everything
        int tries = 0;
        std::uint64_t request = 0;  ///< the one whose answer is waited for
    };
    using ReaderPtr = std::shared_ptr<Reader>;

    [[nodiscard]] std::optional<record::ReceiptId> receiptOf(const Attendee& attendee) const;
    void look();
    void open(const ReaderPtr& reader);
    void opened(const ReaderPtr& reader, const PageAnswer& answer);
    void press(const ReaderPtr& reader);
    void pressed(const ReaderPtr& reader, const PageAnswer& answer);
    void againLater(const ReaderPtr& reader, void (Phones::*what)(const ReaderPtr&));
    void send(const ReaderPtr& reader, PageRequest request,
              void (Phones::*answered)(const ReaderPtr&, const PageAnswer&),
              void (Phones::*again)(const ReaderPtr&));
    void travel(const std::function<void()>& arrive);
    void leave() { --people_; }
    [[nodiscard]] bool happens(double chance) {
        return common_.isTroubled && common_.random.happens(chance);
    }

    Common& common_;
    Ask ask_;
    Millis slowest_;
    int people_ = 0;
    int onTheWay_ = 0;
    std::uint64_t requests_ = 0;
};

}  // namespace tapport::simulation
