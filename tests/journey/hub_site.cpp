// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/hub_site.h"

#include "sync/event/example.h"
#include "sync/receipt/signed_document.h"
#include "sync/wire/topics.h"

#include <stdexcept>

#include <fmt/core.h>

namespace tapport::journey {
namespace {

using Clock = std::chrono::steady_clock;

std::string makeEventFile(const seal::SealingKeys& keys, const receipt::SigningKeys& root,
                          const receipt::SigningKeys& hub) {
    event::ExampleSecrets secrets;
    secrets.badgeSalt = Bytes(32, 7);
    secrets.sealingKey = keys.publicKey;
    secrets.rootKey = root.publicKey;
    secrets.hubKey = hub.publicKey;
    secrets.authority = Bytes(32, 0xCA);
    secrets.firstDay = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const std::string pinHash = seal::hashPassword("1234").value();
    for (const record::StaffId& id : event::exampleStaff()) {
        secrets.pinHashes[id] = pinHash;
    }
    return event::exampleEventFile(secrets);
}

seal::SealingKeys makeKeys() {
    if (!seal::initialise()) {
        throw std::runtime_error("no libsodium");
    }
    return seal::makeSealingKeys();
}

const record::KioskId& kKiosk = hub::samples::kKiosk;

mqtt::Options optionsFor(int port, const record::KioskId& kiosk) {
    mqtt::Options options;
    options.port = port;
    options.clientId = kiosk.value;
    options.connectTimeout = support::kPatience;
    return options;
}

}  // namespace

HubSite::HubSite(const Wiring& wiring)
    : keys_(makeKeys()),
      root_(receipt::makeSigningKeys()),
      kioskKeys_(receipt::makeSigningKeys()),
      broker_(dir_ / "broker", wiring.listeners) {
    const receipt::SigningKeys hub = receipt::makeSigningKeys();
    const std::string eventFile = makeEventFile(keys_, root_, hub);
    event_ = event::parse(eventFile).value();
    support::writeFile(path("event.json"), eventFile);
    support::writeFile(path("event.key"), toHex(keys_.secretKey) + "\n");
    support::writeFile(path("hub.key"), toHex(hub.secretKey) + "\n");
    support::writeFile(
        path("hub.toml"),
        fmt::format("event = \"event.json\"\nevent_key = \"event.key\"\n"
                    "signing_key = \"hub.key\"\ndata = \"hub\"\n[broker]\nhost = \"{}\"\nport = "
                    "{}\n[web]\nport = 0\n"
                    "admin_password_hash = \"{}\"\n[log]\nlevel = \"warning\"\n",
                    wiring.broker, broker_.port(), seal::hashPassword(kPassword).value()));
    publish({{kKiosk, kioskKeys_.publicKey}});
}

std::string HubSite::publish(std::vector<receipt::KioskKey> keys) const {
    const receipt::KeySet set(event_.id, "2026-11-25T12:00:00.000Z", std::move(keys));
    std::string json = set.publish(root_).value();
    support::replaceFile(path("keys.json"), json);
    return json;
}

std::string HubSite::editionOf(const std::string& eventFile, std::uint64_t number) const {
    return receipt::signDocument(event::editionOf(eventFile, number).value(), root_).value();
}

void HubSite::putEdition(const std::string& edition) const {
    support::replaceFile(path("edition.json"), edition);
}

std::string HubSite::publishEdition(std::uint64_t number) const {
    std::string edition = editionOf(support::readFile(path("event.json")), number);
    putEdition(edition);
    return edition;
}

record::PositionedUnit HubSite::visit(std::uint64_t seq) const {
    record::PositionedUnit positioned = hub::samples::visit(seq, static_cast<std::uint8_t>(seq));
    positioned.proof.reset();
    const event::Ask& ask = event_.asks.front();
    positioned.unit.event = event_.id;
    record::ConsentEvent& consent = positioned.unit.consents.front();
    consent.purpose = ask.purpose;
    consent.channel = ask.channel;
    consent.notice = ask.noticeRef("en");
    consent.validUntil = std::chrono::floor<record::Millis>(std::chrono::system_clock::now()) +
                         std::chrono::days(365);
    return positioned;
}

pid_t HubSite::startHub() {
    std::vector<std::string> command = by_;
    command.insert(command.end(),
                   {support::program("tapport-hub"), "--config", path("hub.toml").string()});
    hub_ = std::make_unique<support::ChildProcess>(command);
    const auto line = hub_->readLine();
    if (!line) {
        throw std::runtime_error("the hub did not start");
    }
    url_ = *line;
    return hub_->pid();
}

std::unique_ptr<support::ChildProcess> HubSite::startWorker(const std::string& name,
                                                            const std::string& database,
                                                            const std::string& as) const {
    // All workers of a tenant have the same suppression key.
    std::filesystem::create_directories(path(name));
    support::writeFile(path(name) / "suppression.key", std::string(64, '7') + "\n");
    std::string config = support::readFile(path("hub.toml"));
    const std::string where =
        database.empty() ? std::string() : fmt::format("\ndatabase = \"{}\"", database);
    config.replace(config.find("data = \"hub\""), std::string("data = \"hub\"").size(),
                   fmt::format("data = \"{}\"", name) + where);
    support::writeFile(path(name + ".toml"), config);
    support::ChildOptions options;
    options.log = path(name + ".log");
    auto worker = std::make_unique<support::ChildProcess>(
        std::vector<std::string>{support::program("tapport-hub"), "--config",
                                 path(name + ".toml").string(), "run", "--worker",
                                 as.empty() ? name : as},
        options);
    if (!worker->readLine()) {
        throw std::runtime_error("the worker did not start");
    }
    return worker;
}

support::Finished HubSite::command(std::vector<std::string> arguments,
                                   const std::string& of) const {
    std::vector<std::string> all{support::program("tapport-hub"), "--config",
                                 path(of + ".toml").string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return support::run(all);
}

std::int64_t HubSite::figure(const std::string& name, const std::string& of) const {
    const support::Finished status = command({"status", "--json"}, of);
    const std::size_t at = status.out.find("\"" + name + "\": ");
    return status.status != 0 || at == std::string::npos
               ? -1
               : std::stoll(status.out.substr(at + name.size() + 4));
}

KioskEnd::KioskEnd(const HubSite& site) : KioskEnd(site, kKiosk, site.kioskKeys()) {}

KioskEnd::KioskEnd(const HubSite& site, record::KioskId kiosk, receipt::SigningKeys keys)
    : client_(optionsFor(site.broker().port(), kiosk)),
      kiosk_(std::move(kiosk)),
      hubKey_(site.event().hubKey),
      sign_([keys = std::move(keys)](ByteView covered) {
          return receipt::signMessage(covered, keys);
      }) {
    client_.connect(std::nullopt);
    (void)support::waitUntil(
        [this] { return next(Clock::now() + support::kPatience) && client_.isConnected(); });
    if (!client_.subscribe(wire::ackTopic(kiosk_)) ||
        !client_.subscribe(std::string(wire::kHubTopic))) {
        throw std::runtime_error("no broker");
    }
}

std::optional<mqtt::Event> KioskEnd::next(Clock::time_point deadline) {
    auto event = client_.next(deadline);
    if (event) {
        const auto* arrived = std::get_if<mqtt::Arrived>(&*event);
        if (arrived != nullptr && arrived->topic == wire::kHubTopic) {
            hub_ = wire::decodeHubState(arrived->payload).value();
        }
    }
    return event;
}

bool KioskEnd::awaitHub(wire::Presence presence) {
    const auto isSo = [&] { return hub_ && hub_->presence == presence; };
    const auto deadline = Clock::now() + support::kPatience;
    while (!isSo() && next(deadline)) {
    }
    return isSo();
}

void KioskEnd::send(Bytes payload) {
    if (!client_.publish({wire::upTopic(kiosk_), std::move(payload), mqtt::Retain::No})) {
        throw std::runtime_error("no broker");
    }
}

void KioskEnd::send(const wire::Batch& batch) {
    Bytes payload = wire::encode(batch, sign_);
    record::SeqRanges& positions = sent_[wire::nameOf(payload)];
    for (const wire::Run& run : batch.runs) {
        positions.add({run.first, run.first + run.units.size() - 1});
    }
    send(std::move(payload));
}

record::SeqRanges KioskEnd::received(const wire::Ack& ack) const {
    record::SeqRanges received;
    for (const wire::Answered& answer : ack.batches) {
        if (const auto sent = sent_.find(answer.name); sent != sent_.end()) {
            for (const record::SeqRange& range : sent->second.view()) {
                received.merge(answer.quarantined.holes(range));
            }
        }
    }
    return received;
}

std::optional<wire::Ack> KioskEnd::ack(std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    while (const auto event = next(deadline)) {
        const auto* arrived = std::get_if<mqtt::Arrived>(&*event);
        if (arrived != nullptr && arrived->topic == wire::ackTopic(kiosk_)) {
            const auto ack = wire::decodeAck(arrived->payload).value();
            return receipt::fits(ack.signature, ack.covered, hubKey_) ? std::optional(ack.message)
                                                                      : std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace tapport::journey
