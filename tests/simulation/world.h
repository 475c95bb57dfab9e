// SPDX-License-Identifier: GPL-3.0-or-later
// A trade show under one seed: kiosks, a broker, a hub and the people, with everything that may
// happen to them for three minutes; then a quiet network until all is settled. What went wrong is
// thrown as a Violation.
#pragma once

#include "tests/simulation/hub_end.h"
#include "tests/simulation/phones.h"

namespace tapport::simulation {

/// What may happen besides lost connections, crashes, failing disks and wrong clocks.
enum class Trouble : std::uint8_t {
    Plain,
    HubRestored,   ///< the hub comes back with older data than it acknowledged
    CardRestored,  ///< a kiosk comes back with an older copy of its card
    CardCloned,    ///< two kiosks run with one card, one name and one key
    All,           ///< hub and cards are restored, and cards cloned, in one world
};
inline constexpr std::uint64_t kTroubles = 5;
[[nodiscard]] constexpr Trouble troubleOf(std::uint64_t seed) {
    return static_cast<Trouble>(seed % kTroubles);
}
[[nodiscard]] std::string_view nameOf(Trouble trouble);

struct Report {
    std::uint64_t confirmed = 0;  ///< records that screens confirmed
    std::uint64_t takenBack = 0;  ///< presses that receipts' pages confirmed
    std::uint64_t exported = 0;   ///< rows, over all exports
    std::uint64_t refused = 0;    ///< exports, because something lay there unopened
    std::uint64_t dropped = 0;    ///< records that kiosks do not keep any more
    std::uint64_t told = 0;       ///< versions of the downstream state
    int forks = 0;
};

class World {
  public:
    World(const event::Event& event, std::uint64_t seed, Mutant mutant);

    [[nodiscard]] Report run();

  private:
    static constexpr Instant kQuietAt = Clockwork::kStart + std::chrono::minutes(3);
    static constexpr Instant kEndAt = kQuietAt + std::chrono::minutes(10);
    static constexpr int kMostClones = 3;
    /// A kiosk as the broker sees it: its name, and which of the clones has the connection.
    struct Link {
        std::optional<std::size_t> kiosk;
        int connection = 0;
        bool isDead = false;  ///< half open: nothing gets through, and nobody knows yet
    };

    /// Between a kiosk and the hub, in one direction.
    struct Way {
        std::vector<Bytes> heard;  ///< by who listens
    };

    // world.cpp: people, processes, disks.
    void addKiosk(const std::string& name);
    void visitLater(std::size_t kiosk);
    void makeTroubleLater();
    void makeTrouble();
    void restartKiosk(std::size_t kiosk);
    void loseCard();
    void putCardBack();
    void cloneCard();
    void restoreHub();
    void excuse(const std::set<record::RecordId>& lost);
    void backUp();
    [[nodiscard]] std::set<record::RecordId> receivedAtHub() const;
    void stopHub();
    void letHubReturn();
    void askHub(const PageRequest& request, const Phones::Answered& answer);
    void exportNow();

    // world_end.cpp
    [[nodiscard]] bool isSettled();
    void carryAway(std::size_t kiosk);
    void judgeTheEnd();
    void judgeWhatIsTold(const Kiosk& kiosk);

    // network.cpp: the broker and what is on its way.
    void feed(std::size_t kiosk, agent::PumpEvent event);
    void carry(std::size_t kiosk);
    void connect(std::size_t kiosk);
    void drop(Link& link);
    void dropAll();
    void announce();
    void travel(Bytes payload, Way& way, const std::function<void(const Bytes&)>& arrive);
    void reachHub(const std::string& topic, const Bytes& payload);
    void letHubWork();
    void letHubOpen();
    void openAfter(Millis pause);
    void letHubTell();
    void publish(const std::vector<hub::Message>& messages);
    void answer(const hub::Message& message);
    enum class Said : std::uint8_t { Ack, Chunk };
    void hear(std::size_t kiosk, const Bytes& payload, Said what = Said::Ack);
    void forge();
    void replayAcks();
    void halve(Link& link);

    [[nodiscard]] bool happens(double chance) {
        return common_.isTroubled && random_.happens(chance);
    }
    [[nodiscard]] record::WallTime hubTime() const;
    [[nodiscard]] bool isCopying() const {
        return trouble_ != Trouble::Plain && trouble_ != Trouble::HubRestored;
    }

    const event::Event& event_;
    Random random_;
    Clockwork clock_;
    Mutant mutant_;
    Trouble trouble_;
    HubEnd hub_;
    Judge judge_;
    Common common_;
    std::uint64_t slowest_;  ///< ms, of what is on its way as it should be
    Phones phones_;
    std::vector<std::unique_ptr<Kiosk>> kiosks_;
    std::set<std::size_t> carriedAway_;

    std::map<std::string, Link> links_;
    bool isBrokerUp_ = true;
    int hubProcess_ = 0;
    bool isHubBusy_ = false;
    Instant hubFrozenUntil_{};
    std::map<std::string, Way> up_;    ///< by kiosk
    std::map<std::string, Way> down_;  ///< acknowledgements
    std::map<std::string, Way> told_;  ///< chunks
    bool isHubOpening_ = false;
    std::optional<Card> oldCard_;
    bool hasDiverged_ = false;
    int clones_ = 0;
    Report report_;
};

}  // namespace tapport::simulation
