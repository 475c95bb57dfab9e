// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/identity_desk.h"

#include "sync/event/event.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/hub/run/run_to_end.h"
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/receipt/key_set.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/core.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kReloadPatience{10};

Result<std::string> contentOf(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        return fail(Code::InvalidConfig, file.string() + ": cannot be read");
    }
    return content;
}

/// What the root published last. Read each time: only who has a code gets that far.
Result<bool> isRevokedByRoot(const fs::path& file, const std::string& eventFile,
                             ByteView signingKey) {
    std::error_code failed;
    if (!fs::exists(file, failed) && !failed) {
        return false;  // nothing was published yet
    }
    const auto json = contentOf(file);
    const auto event = event::parse(eventFile);
    if (!json || !event) {
        return tl::unexpected((json ? event.error() : json.error()).in("published keys"));
    }
    const auto keys = receipt::KeySet::parse(*json, event->rootKey);
    if (!keys) {
        return tl::unexpected(keys.error().in("keys " + file.string()));
    }
    if (keys->event() != event->id) {
        return fail(Code::InvalidConfig, "keys " + file.string() + ": of another event");
    }
    return std::any_of(keys->keys().begin(), keys->keys().end(), [&](const receipt::KioskKey& key) {
        return key.revoked && std::ranges::equal(key.publicKey, signingKey);
    });
}

/// A certificate and its key in files of their own, gone with the object: Paho takes no others.
class PassingIdentity {
  public:
    static Result<PassingIdentity> make(const enrol::Office& office, const record::KioskId& kiosk) {
        const auto key = identity::makeKey();
        const auto csr = key.and_then(
            [&](const std::string& pem) { return identity::makeRequest(pem, kiosk.value); });
        const auto certificate =
            csr.and_then([&](const Bytes& request) { return office.standIn(request, kiosk); });
        if (!certificate) {
            return tl::unexpected(certificate.error());
        }
        std::string folder = (fs::temp_directory_path() / "tapport-hub.XXXXXX").string();
        if (::mkdtemp(folder.data()) == nullptr) {
            return fail(Code::Storage, folder + ": cannot be made");
        }
        PassingIdentity made{fs::path(folder)};
        return writeAtomically(made.key(), *key)
            .and_then([&] { return writeAtomically(made.certificate(), certificate->pem()); })
            .map([&] { return std::move(made); });
    }
    PassingIdentity(PassingIdentity&& other) noexcept
        : folder_(std::exchange(other.folder_, fs::path())) {}
    PassingIdentity& operator=(PassingIdentity&&) = delete;
    ~PassingIdentity() {
        if (!folder_.empty()) {
            std::error_code ignored;
            fs::remove_all(folder_, ignored);
        }
    }
    [[nodiscard]] fs::path key() const { return folder_ / "key"; }
    [[nodiscard]] fs::path certificate() const { return folder_ / "certificate"; }

  private:
    explicit PassingIdentity(fs::path folder) : folder_(std::move(folder)) {}
    fs::path folder_;
};

}  // namespace

Result<IdentityDesk> IdentityDesk::open(Files files) {
    std::error_code failed;
    if (!fs::exists(files.authorityKey, failed) && !failed) {
        return fail(Code::NotFound, files.authorityKey.string() + " is not there");
    }
    const auto certificate = contentOf(files.authority);
    const auto key = contentOf(files.authorityKey);
    auto event = contentOf(files.event);
    if (!certificate || !key || !event) {
        return tl::unexpected((certificate ? (key ? event : key) : certificate).error());
    }
    auto authority = identity::Authority::load(*certificate, *key);
    if (!authority) {
        return fail(Code::InvalidConfig,
                    files.authorityKey.string() + ": " + authority.error().context);
    }
    const auto isRevoked = [keys = files.keys, event = *event](ByteView signingKey) {
        return isRevokedByRoot(keys, event, signingKey);
    };
    enrol::Office office(enrol::RegisterFile(files.kiosks), std::move(*authority),
                         std::move(*event), program::fillRandom, isRevoked);
    return IdentityDesk(std::move(files), std::move(office));
}

std::vector<Message> IdentityDesk::answer(const Message& message, record::WallTime now,
                                          Clock::time_point at) {
    if (isTooMany(at)) {
        refused_.log(program::LogLevel::Warning,
                     fmt::format("enrolment not answered: more than {} ask in a second, and asked "
                                 "again they may be",
                                 kMostASecond));
        return {};
    }
    const std::string id = message.topic.substr(message.topic.rfind('/') + 1);
    const auto code = enrol::CodeId::fromHexText(id);
    if (!code) {
        refused_.log(program::LogLevel::Warning, "enrolment refused: no topic of ours");
        return {};
    }
    const auto answered = office_.answer(message.payload, now);
    if (!answered) {
        refused_.log(program::LogLevel::Error,
                     "enrolment not answered: " + answered.error().context);
        return {};
    }
    if (answered->isRefused) {
        refused_.log(program::LogLevel::Warning, answered->said);
    } else {
        program::logInfo("{}", answered->said);
    }
    if (answered->hasReplaced) {
        if (const auto listed = publishList(); !listed) {
            program::logError("the replaced certificate still works: {}", listed.error().context);
        }
    }
    return {{enrol::replyTopic(*code), answered->reply}};
}

Result<> IdentityDesk::revoke(const enrol::Revoked& what, record::WallTime now) {
    return office_.file().change(
        now, [&](const enrol::KioskRegister& before) -> Result<std::vector<enrol::Entry>> {
            const auto* device = before.findDevice(what.kiosk);
            if (device == nullptr) {
                return fail(Code::NotFound, "no kiosk " + what.kiosk.value + " is enrolled");
            }
            // Once more is fine: what follows may have failed before.
            const bool isNews = !device->revoked || (!device->revoked->held && what.held);
            return isNews ? std::vector<enrol::Entry>{what} : std::vector<enrol::Entry>{};
        });
}

Result<> IdentityDesk::publishList() const {
    const auto written = office_.publishList([this](const std::string& list) {
        return writeAtomically(files_.revoked, list).and_then([this]() -> Result<> {
            // The broker has a user of its own; what is in the list is no secret.
            std::error_code failed;
            fs::permissions(files_.revoked,
                            fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
                                fs::perms::others_read,
                            failed);
            return {};
        });
    });
    if (!written) {
        return tl::unexpected(written.error());
    }
    if (files_.reload.empty()) {
        return fail(Code::InvalidConfig, "the broker must be told to read " +
                                             files_.revoked.string() +
                                             " (SIGHUP): hub.toml has no [broker] reload");
    }
    return runToEnd(files_.reload, kReloadPatience);
}

void IdentityDesk::catchUp() const {
    const auto known = office_.file().read();
    if (known && known->voidSerials().empty()) {
        return;  // the list that came with the broker's configuration says so
    }
    const auto listed = known ? publishList() : Result<>(tl::unexpected(known.error()));
    if (!listed) {
        program::logError("what the broker refuses may be out of date: {}", listed.error().context);
    }
}

bool IdentityDesk::isTooMany(Clock::time_point at) {
    if (at - second_ >= std::chrono::seconds(1)) {
        second_ = at;
        asked_ = 0;
    }
    return ++asked_ > kMostASecond;
}

Result<> IdentityDesk::dropSession(const record::KioskId& kiosk, mqtt::Options broker,
                                   std::chrono::milliseconds patience) const {
    // Whoever was there tries to come back within this time (the agent's longest first back-off);
    // once the broker has read the list it cannot.
    constexpr std::chrono::seconds kUndisturbed{2};
    if (!broker.tls) {
        return fail(Code::Network, "the broker is not reached over TLS");
    }
    const auto identity = PassingIdentity::make(office_, kiosk);
    if (!identity) {
        return tl::unexpected(identity.error());
    }
    broker.tls->certificate = identity->certificate();
    broker.tls->key = identity->key();
    broker.clientId = kiosk.value;
    const auto until = Clock::now() + patience;
    mqtt::Client client(broker);
    Error trouble{Code::Network, "the broker does not answer"};
    while (Clock::now() < until) {
        client.connect(std::nullopt);
        auto event = client.next(until);
        if (event && std::holds_alternative<mqtt::Connected>(*event)) {
            event = client.next(Clock::now() + kUndisturbed);
            if (!event) {
                client.disconnect(std::chrono::seconds(1));
                return {};
            }
            trouble = {Code::Network, "its session came back: the broker has not read the list"};
        } else if (event && std::holds_alternative<mqtt::Lost>(*event)) {
            trouble = std::get<mqtt::Lost>(*event).error;
            (void)client.next(std::min(until, Clock::now() + std::chrono::milliseconds(200)));
        }
    }
    return tl::unexpected(trouble);
}

}  // namespace tapport::hub
