// SPDX-License-Identifier: GPL-3.0-or-later
// TagDevice on libnfc. libnfc_device.cpp is the only file of the project that includes <nfc/nfc.h>,
// and tapport-reader the only process that runs it: the library can abort() (see README.md).
#pragma once

#include "hardware/reader/badge_loop.h"
#include "sync/program/file_descriptor.h"

#include <memory>
#include <string>

struct nfc_context;
struct nfc_device;

namespace tapport::libnfc {

class LibnfcDevice : public reader::TagDevice {
  public:
    /// Opens and sets up the device: finite select, no Type 4 activation. Busy when another process
    /// holds it; Reader when it is not there or does not answer as a reader should.
    [[nodiscard]] static Result<std::unique_ptr<LibnfcDevice>> open(const std::string& connstring);

    [[nodiscard]] Result<std::optional<reader::SeenTag>> search() override;
    [[nodiscard]] Result<std::optional<reader::SeenTag>> reselect() override;
    [[nodiscard]] Result<std::optional<reader::SeenTag>> searchAnother() override;
    [[nodiscard]] Result<std::optional<Bytes>> exchange(const tag::Exchange& what) override;

  private:
    struct CloseContext {
        void operator()(nfc_context* context) const;
    };
    struct CloseDevice {
        void operator()(nfc_device* device) const;
    };
    LibnfcDevice() = default;
    [[nodiscard]] Result<> setUp();
    [[nodiscard]] Result<> setProperty(int property, bool value);
    [[nodiscard]] Error failure(std::string_view doing) const;

    program::FileDescriptor lock_;
    std::unique_ptr<nfc_context, CloseContext> context_;
    std::unique_ptr<nfc_device, CloseDevice> device_;
};

/// The version of the library that is linked.
[[nodiscard]] std::string libraryVersion();

}  // namespace tapport::libnfc
