// SPDX-License-Identifier: GPL-3.0-or-later
// A log of what kiosks are told with something in its way when somebody puts.
#pragma once

#include "sync/hub/store/down_log.h"

#include <functional>
#include <vector>

namespace tapport::hub {

/// Asks another one everything.
class LogOver : public DownLog {
  public:
    explicit LogOver(DownLog& log) : log_(log) {}
    Result<wire::DownVersion> downVersion() override { return log_.downVersion(); }
    Result<std::vector<std::size_t>> putDown(std::span<const DownPut> puts) override {
        return log_.putDown(puts);
    }
    Result<DownPage> downPage(const record::KioskId& kiosk,
                              const wire::DownVersion& after) override {
        return log_.downPage(kiosk, after);
    }
    Result<DownPage> downPageOfRevoked(const record::KioskId& kiosk,
                                       const wire::DownVersion& after) override {
        return log_.downPageOfRevoked(kiosk, after);
    }
    Result<std::optional<DownPut>> findDown(wire::ItemKind kind, const record::KioskId& kiosk,
                                            ByteView key) override {
        return log_.findDown(kind, kiosk, key);
    }
    Result<bool> isErased(wire::ItemKind kind, ByteView key) override {
        return log_.isErased(kind, key);
    }
    Result<std::uint64_t> takeBack(wire::ItemKind kind, std::uint64_t most) override {
        return log_.takeBack(kind, most);
    }

  private:
    DownLog& log_;
};

/// Takes only one write.
class FullLog final : public LogOver {
  public:
    using LogOver::LogOver;
    Result<std::vector<std::size_t>> putDown(std::span<const DownPut> puts) override {
        return left_-- > 0 ? LogOver::putDown(puts) : fail(Code::StorageFull, "disk full");
    }

  private:
    int left_ = 1;
};

/// Another worker comes first, after everything was asked.
class RacedLog final : public LogOver {
  public:
    RacedLog(DownLog& log, std::function<void()> other) : LogOver(log), other_(std::move(other)) {}
    Result<std::vector<std::size_t>> putDown(std::span<const DownPut> puts) override {
        other_();
        return LogOver::putDown(puts);
    }

  private:
    std::function<void()> other_;
};

}  // namespace tapport::hub
