// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/roster_import.h"

#include "sync/record/parts.h"
#include "sync/seal/seal.h"
#include "sync/vault/roster.h"

#include <algorithm>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

constexpr std::size_t kMostReported = 100;
constexpr std::size_t kMostText = 200;  ///< bytes of a cell that is used
/// A token of fewer characters could be tried out, and its entry opened without the badge.
constexpr std::size_t kLeastToken = 16;
constexpr std::size_t kMostToken = 128;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isLetterOrDigit(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n\xC2\xA0";
    const std::size_t first = text.find_first_not_of(kBlanks);
    return first == std::string_view::npos
               ? std::string()
               : std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

/// "E-Mail" and "e mail" are one heading.
std::string headingOf(std::string_view cell) {
    std::string heading;
    for (const char c : cell) {
        if (isLetterOrDigit(c)) {
            heading += lower(c);
        }
    }
    return heading;
}

/// The token that a kiosk reads on the badge: in a cell of its own, or in the badge's address.
std::string tokenOf(const std::string& cell, const std::vector<std::string>& hosts) {
    for (const std::string& host : hosts) {
        const std::string prefix = "https://" + host + "/b/";
        if (cell.starts_with(prefix)) {
            return cell.substr(prefix.size());
        }
    }
    return cell;
}

bool isToken(std::string_view text) {
    return text.size() <= kMostToken && std::all_of(text.begin(), text.end(), [](char c) {
               return isLetterOrDigit(c) || c == '-' || c == '_';
           });
}

bool isEmail(std::string_view text) {
    const std::size_t at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.find('@', at + 1) == text.npos &&
           text.find('.', at) != text.npos && text.back() != '.' &&
           text.find_first_of(" ,;<>\"") == text.npos;
}

bool isPhone(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) >=
               6 &&
           text.find_first_not_of("+0123456789 ()/.-") == std::string_view::npos;
}

bool isPlain(const std::string& text) {
    return text.size() <= kMostText && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
           });
}

std::optional<std::string> whyNot(const record::Contact& contact) {
    for (const auto& [text, what] :
         {std::pair(&contact.name, "name"), std::pair(&contact.company, "company"),
          std::pair(&contact.email, "e-mail"), std::pair(&contact.phone, "telephone"),
          std::pair(&contact.address, "address")}) {
        if (!isPlain(*text)) {
            return fmt::format("the {} has {}", what,
                               text->size() > kMostText
                                   ? fmt::format("more than {} bytes", kMostText)
                                   : "control characters, such as a line break");
        }
    }
    if (contact == record::Contact{}) {
        return "says nothing of the badge's holder";
    }
    if (!contact.email.empty() && !isEmail(contact.email)) {
        return "the e-mail is no address";
    }
    if (!contact.phone.empty() && !isPhone(contact.phone)) {
        return "the telephone is no number";
    }
    return std::nullopt;
}

/// Whoever has the badge can tell whether its entry changed; nobody else can try contacts out.
Bytes fingerprintOf(const record::Contact& contact, const record::VaultAccess& access) {
    CborWriter out;
    out.bytes(access.key.view());
    record::write(out, contact);
    return toBytes(seal::digestOf(out.view()).view());
}

/// Whether every row can be read, whatever is in it.
Result<> checkRows(std::istream& in) {
    CsvReader reader(in);
    for (;;) {
        const auto row = reader.next();
        if (!row) {
            return fail(row.error().code, row.error().context + "; nothing was imported");
        }
        if (!*row) {
            return {};
        }
    }
}

}  // namespace

Result<RosterImport> RosterImport::open(const std::filesystem::path& file,
                                        const event::Event& event, DownLog& log, RosterMode mode) {
    auto in = std::make_unique<std::ifstream>(file, std::ios::binary);
    if (!*in) {
        return fail(Code::NotFound, file.string() + ": cannot be read");
    }
    if (const auto checked = checkRows(*in); !checked) {
        return tl::unexpected(checked.error().in(file.filename().string()));
    }
    in->clear();
    in->seekg(0);
    RosterImport import(std::move(in), event, log, mode);
    if (auto header = import.readHeader(); !header) {
        return tl::unexpected(header.error().in(file.filename().string()));
    }
    return import;
}

RosterImport::RosterImport(std::unique_ptr<std::ifstream> in, const event::Event& event,
                           DownLog& log, RosterMode mode)
    : in_(std::move(in)),
      reader_(std::make_unique<CsvReader>(*in_)),
      event_(event),
      log_(log),
      mode_(mode) {}

void RosterImport::Piece::add(RosterReport& report, Counter counter, DownPut put) {
    ++(report.*counter);
    puts.push_back(std::move(put));
    counted.push_back(counter);
}

Result<> RosterImport::readHeader() {
    static const std::map<std::string_view, Column> kHeadings{
        {"token", Column::Token},
        {"badge", Column::Token},
        {"badgetoken", Column::Token},
        {"badgeurl", Column::Token},
        {"name", Column::Name},
        {"fullname", Column::Name},
        {"firstname", Column::FirstName},
        {"givenname", Column::FirstName},
        {"vorname", Column::FirstName},
        {"lastname", Column::LastName},
        {"surname", Column::LastName},
        {"familyname", Column::LastName},
        {"nachname", Column::LastName},
        {"company", Column::Company},
        {"organisation", Column::Company},
        {"organization", Column::Company},
        {"firma", Column::Company},
        {"email", Column::Email},
        {"emailaddress", Column::Email},
        {"phone", Column::Phone},
        {"telephone", Column::Phone},
        {"mobile", Column::Phone},
        {"telefon", Column::Phone},
        {"address", Column::Address},
        {"adresse", Column::Address},
    };
    const auto header = reader_->next();
    if (!header) {
        return tl::unexpected(header.error());
    }
    if (!*header) {
        return fail(Code::InvalidInput, "the file is empty");
    }
    if ((*header)->problem) {
        return fail(Code::InvalidInput, "line 1: " + *(*header)->problem);
    }
    const auto& cells = (*header)->cells;
    width_ = cells.size();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto known = kHeadings.find(headingOf(cells[i]));
        if (known == kHeadings.end()) {
            const std::string heading = trimmed(cells[i]);
            report_.columnsIgnored.push_back(isPlain(heading) ? heading : "");
        } else if (!columns_.emplace(known->second, i).second) {
            return fail(Code::InvalidInput, fmt::format("columns {} and {} mean the same",
                                                        columns_[known->second] + 1, i + 1));
        }
    }
    if (!columns_.contains(Column::Token)) {
        return fail(Code::InvalidInput, "the first line names no column 'token'");
    }
    return {};
}

Result<bool> RosterImport::step() {
    const RosterReport before = report_;
    Piece piece;
    bool isAtEnd = false;
    for (std::size_t i = 0; i < kRowsAStep && !isAtEnd; ++i) {
        const auto row = reader_->next();
        const auto taken = !row   ? tl::unexpected(row.error())
                           : *row ? take(**row, piece)
                                  : Result<>{};
        if (!taken) {
            report_ = before;
            return tl::unexpected(taken.error());
        }
        isAtEnd = !*row;
    }
    if (mode_ != RosterMode::Preview && !piece.puts.empty()) {
        const auto notTold = log_.putDown(piece.puts);
        if (!notTold) {
            report_ = before;
            return tl::unexpected(notTold.error());
        }
        for (const std::size_t i : *notTold) {  // erased since it was looked at
            --(report_.*piece.counted[i]);
            ++(mode_ == RosterMode::Remove ? report_.unknown : report_.erased);
        }
    }
    return !isAtEnd;
}

Result<> RosterImport::take(const CsvReader::Row& row, Piece& piece) {
    Result<std::optional<std::string>> wrong = whyNoRow(row);
    if (!*wrong) {
        wrong = entryOf(row, piece);
    }
    if (!wrong) {
        return tl::unexpected(wrong.error());
    }
    if (*wrong) {
        ++report_.rejected;
        if (report_.problems.size() < kMostReported) {
            report_.problems.push_back(fmt::format("line {}: {}", row.line, **wrong));
        }
    }
    return {};
}

std::optional<std::string> RosterImport::whyNoRow(const CsvReader::Row& row) const {
    if (row.problem) {
        return row.problem;
    }
    // A separator that is not in quotes moves what follows into the next column.
    const auto surplus = static_cast<std::ptrdiff_t>(std::min(width_, row.cells.size()));
    if (std::any_of(row.cells.begin() + surplus, row.cells.end(),
                    [](const std::string& cell) { return !trimmed(cell).empty(); })) {
        return fmt::format("{} cells, the first line has {}", row.cells.size(), width_);
    }
    return std::nullopt;
}

Result<std::optional<std::string>> RosterImport::entryOf(const CsvReader::Row& row, Piece& piece) {
    using Wrong = std::optional<std::string>;
    const std::string token = tokenOf(cell(row, Column::Token), event_.badgeHosts);
    if (!isToken(token)) {
        return Wrong("the token is none that a kiosk reads");
    }
    if (token.size() < kLeastToken) {
        return Wrong(
            fmt::format("the token has less than {} characters: it could be guessed", kLeastToken));
    }
    const record::Contact contact = contactOf(row);
    if (mode_ != RosterMode::Remove) {
        if (auto why = whyNot(contact)) {
            return why;
        }
    }
    const record::VaultAccess access = seal::deriveBadge(viewOf(token), event_.badgeSalt).vault;
    const auto [first, isNew] = lines_.emplace(access.lookup, row.line);
    if (!isNew) {
        return Wrong(fmt::format("the badge of line {} again", first->second));
    }
    const auto done =
        mode_ == RosterMode::Remove ? remove(access.lookup, piece) : enter(contact, access, piece);
    return done.map([] { return Wrong(); });
}

Result<> RosterImport::enter(const record::Contact& contact, const record::VaultAccess& access,
                             Piece& piece) {
    const auto isErased = log_.isErased(wire::ItemKind::Roster, access.lookup.view());
    if (!isErased) {
        return tl::unexpected(isErased.error());
    }
    if (*isErased) {
        ++report_.erased;
        return {};
    }
    const Bytes fingerprint = fingerprintOf(contact, access);
    const auto told = log_.findDown(wire::ItemKind::Roster, {}, access.lookup.view());
    if (!told) {
        return tl::unexpected(told.error());
    }
    if (*told && (*told)->fingerprint == fingerprint) {
        ++report_.unchanged;
        return {};
    }
    piece.add(report_, *told ? &RosterReport::updated : &RosterReport::created,
              {{wire::ItemKind::Roster, toBytes(access.lookup.view()),
                vault::closeRoster(contact, access).sealed},
               {},
               fingerprint,
               {}});
    return {};
}

Result<> RosterImport::remove(const record::VaultLookup& lookup, Piece& piece) {
    const auto told = log_.findDown(wire::ItemKind::Roster, {}, lookup.view());
    if (!told) {
        return tl::unexpected(told.error());
    }
    if (!*told) {
        ++report_.unknown;
        return {};
    }
    piece.add(report_, &RosterReport::removed,
              DownPut{{wire::ItemKind::Roster, toBytes(lookup.view()), std::nullopt}});
    return {};
}

std::string RosterImport::cell(const CsvReader::Row& row, Column column) const {
    const auto at = columns_.find(column);
    return at == columns_.end() || at->second >= row.cells.size() ? std::string()
                                                                  : trimmed(row.cells[at->second]);
}

record::Contact RosterImport::contactOf(const CsvReader::Row& row) const {
    record::Contact contact{cell(row, Column::Name), cell(row, Column::Company),
                            cell(row, Column::Email), cell(row, Column::Phone),
                            cell(row, Column::Address)};
    if (contact.name.empty()) {
        contact.name = trimmed(cell(row, Column::FirstName) + " " + cell(row, Column::LastName));
    }
    return contact;
}

}  // namespace tapport::hub
