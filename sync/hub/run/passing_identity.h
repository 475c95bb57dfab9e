// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/enrol/office.h"

#include <filesystem>

namespace tapport::hub {

/// A certificate in a kiosk's name and its key (enrol::Office::standIn), in files of their own that
/// go with the object: Paho takes no others. They are in memory where the system has a place for
/// that.
class PassingIdentity {
  public:
    /// Storage: no place for the files. Else what the office says.
    [[nodiscard]] static Result<PassingIdentity> make(const enrol::Office& office,
                                                      const record::KioskId& kiosk,
                                                      record::WallTime now);
    PassingIdentity(PassingIdentity&& other) noexcept;
    PassingIdentity& operator=(PassingIdentity&&) = delete;
    ~PassingIdentity();

    [[nodiscard]] const identity::Certificate& certificate() const { return certificate_; }
    [[nodiscard]] std::filesystem::path certificateFile() const { return folder_ / "certificate"; }
    [[nodiscard]] std::filesystem::path keyFile() const { return folder_ / "key"; }

  private:
    PassingIdentity(std::filesystem::path folder, identity::Certificate certificate)
        : folder_(std::move(folder)), certificate_(std::move(certificate)) {}

    std::filesystem::path folder_;  ///< empty: moved from
    identity::Certificate certificate_;
};

}  // namespace tapport::hub
