// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sync/ledger/oracle.h"

namespace tapport::ledger::world {
namespace {

using std::chrono::days;

/// A clock in holdover may be this much behind.
constexpr auto kSlack = 3h;

class Case {
  public:
    Case(const World& world, std::size_t badge, const Scope& scope)
        : world_(world),
          all_(world.happenings()),
          badge_(badge),
          scope_(scope),
          arrived_(world.arrived()) {}

    Verdict verdict() const {
        if (world_.isForged(badge_) || isLatestDecisionANo()) {
            return Verdict::No;
        }
        const Set newest = newestOf(yesesThatStand());
        if (newest == 0 || isSuppressed(newest)) {
            return Verdict::No;
        }
        // An address that waits for its confirmation blocks the others: it may be another one.
        const Set asked = newestOf(yesesNotUndone());
        Verdict result = Verdict::No;
        bool isAnyUnclear = !world_.isComplete();
        for (std::size_t i = 0; i < all_.size(); ++i) {
            if (((newest | asked) & World::bit(i)) == 0) {
                continue;
            }
            const Verdict runs = stillRuns(all_[i]);
            const Verdict confirmed = isConfirmed(i);
            if (runs == Verdict::Yes && confirmed == Verdict::No) {
                return Verdict::No;
            }
            isAnyUnclear =
                isAnyUnclear || runs == Verdict::Unclear || confirmed == Verdict::Unclear;
            if ((newest & World::bit(i)) != 0) {
                result = std::max(result, std::min(runs, confirmed));
            }
        }
        return result == Verdict::Yes && isAnyUnclear ? Verdict::Unclear : result;
    }

  private:
    template <typename Visit>
    void each(Set set, Visit visit) const {
        for (std::size_t i = 0; i < all_.size(); ++i) {
            if ((set & World::bit(i)) != 0) {
                visit(all_[i]);
            }
        }
    }

    bool isHere(const Happening& one) const {
        return one.badge == badge_ && one.recorded.event.purpose == scope_.purpose &&
               one.recorded.event.channel == scope_.channel;
    }
    bool bears(const Happening& no) const {
        return (no.kind == Kind::No && isHere(no)) ||
               (no.kind == Kind::LastWord && no.badge == badge_);
    }
    /// Erasures under the other badge that the person called their own under this one.
    Set adopted() const {
        Set known = 0;
        each(arrived_, [&](const Happening& one) { known |= one.badge == badge_ ? one.knew : 0; });
        Set adopted = 0;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            adopted |= all_[i].badge != badge_ ? known & World::bit(i) : 0;
        }
        return adopted;
    }

    /// In the order in which things really happened.
    bool isLatestDecisionANo() const {
        bool isNo = true;
        each(arrived_, [&](const Happening& one) {
            if (bears(one)) {
                isNo = true;
            } else if (one.kind == Kind::Yes && isHere(one) && one.isExpress) {
                isNo = false;
            }
        });
        return isNo;
    }

    /// Said by somebody who may, knowing every no that the hub knows.
    Set yesesThatStand() const {
        Set nos = adopted();
        bool isLastWordSaid = false;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            if ((arrived_ & World::bit(i)) != 0 && bears(all_[i])) {
                nos |= World::bit(i);
                isLastWordSaid = isLastWordSaid || all_[i].kind == Kind::LastWord;
            }
        }
        Set standing = 0;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const Happening& yes = all_[i];
            const bool isYes = yes.kind == Kind::Yes && isHere(yes) && yes.isExpress;
            const bool isAllowed =
                !isLastWordSaid || yes.recorded.event.by == record::ExpressedBy::Subject;
            if ((arrived_ & World::bit(i)) != 0 && isYes && isAllowed && (nos & ~yes.knew) == 0) {
                standing |= World::bit(i);
            }
        }
        return standing;
    }

    Set yesesNotUndone() const {
        Set undone = 0;
        each(arrived_, [&](const Happening& one) { undone |= bears(one) ? one.knew : 0; });
        Set open = 0;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const bool isYes = all_[i].kind == Kind::Yes && isHere(all_[i]) && all_[i].isExpress;
            open |= isYes ? arrived_ & ~undone & World::bit(i) : 0;
        }
        return open;
    }

    Set newestOf(Set yeses) const {
        Set newest = yeses;
        each(yeses, [&](const Happening& yes) { newest &= ~yes.knew; });
        return newest;
    }

    /// Both badges have the same e-mail address, each its own telephone.
    bool isSuppressed(Set newest) const {
        bool isSuppressed = false;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const bool isShared =
                all_[i].badge == badge_ || scope_.channel == record::Channel::Email;
            if ((arrived_ & World::bit(i)) == 0 || !all_[i].isErasure || !isShared) {
                continue;
            }
            each(newest, [&](const Happening& yes) {
                isSuppressed = isSuppressed || (yes.knew & World::bit(i)) == 0 ||
                               yes.recorded.event.by != record::ExpressedBy::Subject;
            });
        }
        return isSuppressed;
    }

    Verdict stillRuns(const Happening& yes) const {
        const record::WallTime ends = yes.trulyAt + days(365);
        const record::WallTime endsAtTheLeast = world_.event().firstDay + days(365);
        if (yes.noticeVersion == 1 || world_.hubKnowsItIs() >= ends) {
            return Verdict::No;
        }
        return world_.hubView(badge_).now().latest() < endsAtTheLeast ? Verdict::Yes
                                                                      : Verdict::Unclear;
    }

    Verdict isConfirmed(std::size_t yes) const {
        if (world_.event().profile.doubleOptIn.empty()) {
            return Verdict::Yes;
        }
        Verdict best = Verdict::No;
        each(arrived_, [&](const Happening& click) {
            if (click.confirmed != yes || !click.isProperlyConfirmed ||
                click.trulyAt > all_[yes].trulyAt + days(14) + kSlack) {
                return;
            }
            const bool isSurelyInTime = click.trulyAt <= world_.event().firstDay + days(14);
            best = std::max(best, isSurelyInTime ? Verdict::Yes : Verdict::Unclear);
        });
        return best;
    }

    const World& world_;
    const std::vector<Happening>& all_;
    std::size_t badge_;
    const Scope& scope_;
    Set arrived_;
};

}  // namespace

Verdict mayRelease(const World& world, std::size_t badge, const Scope& scope) {
    return Case(world, badge, scope).verdict();
}

}  // namespace tapport::ledger::world
