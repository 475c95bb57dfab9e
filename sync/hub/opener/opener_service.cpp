// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener_service.h"

#include "sync/hub/opener/opener_talk.h"

namespace tapport::hub {
namespace {

constexpr auto kForever = talk::Deadline::max();

}  // namespace

Result<> serveOpener(int socket, Result<LocalOpener> opener) {
    const auto ready = opener.map([](const LocalOpener& one) { return one.event(); });
    if (auto greeted = talk::writeFrame(socket, talk::encodeGreeting(ready), kForever);
        !greeted || !ready) {
        return ready ? greeted : tl::unexpected(ready.error());
    }
    for (;;) {
        const auto frame = talk::readFrame(socket, kForever);
        if (!frame) {
            return frame.error().code == Code::NotFound ? Result<>{}
                                                        : tl::unexpected(frame.error());
        }
        const auto asked = talk::decodeRequest(*frame);
        if (!asked) {
            return tl::unexpected(asked.error());
        }
        const auto opened = opener->open(*asked);
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        if (auto written = talk::writeFrame(socket, talk::encodeAnswer(*opened, *asked), kForever);
            !written) {
            return written;
        }
    }
}

}  // namespace tapport::hub
