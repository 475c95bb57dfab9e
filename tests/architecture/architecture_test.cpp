// SPDX-License-Identifier: GPL-3.0-or-later
// Holds the source tree to includes.txt. CMake's layers are not enough: the headers of SQLite,
// libnfc and Paho lie in /usr/include, where every file can reach them.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

struct Rule {
    std::set<std::string> folders;
    std::set<std::string> libraries;
};

std::set<std::string> words(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

std::map<std::string, Rule> readRules(const fs::path& file) {
    std::map<std::string, Rule> rules;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        std::istringstream columns(line);
        std::array<std::string, 3> column;
        for (std::string& text : column) {
            std::getline(columns, text, '|');
        }
        rules[*words(column[0]).begin()] = {words(column[1]), words(column[2])};
    }
    return rules;
}

/// The rule of the folder or of its nearest listed parent.
const std::pair<const std::string, Rule>* ruleFor(const std::map<std::string, Rule>& rules,
                                                  fs::path folder) {
    for (; !folder.empty(); folder = folder.parent_path()) {
        if (const auto found = rules.find(folder.generic_string()); found != rules.end()) {
            return &*found;
        }
    }
    return nullptr;
}

bool isBelow(const std::string& path, const std::string& folder) {
    return path.rfind(folder + "/", 0) == 0;
}

/// Which library an angled include belongs to; empty for what is always allowed.
std::string libraryOf(const std::string& header) {
    static const std::vector<std::pair<std::regex, std::string>> kLibraries{
        {std::regex("^(tl|fmt)/.*"), ""},
        {std::regex("^Q[A-Za-z0-9]*(/.*)?$|^qqml.*"), "qt"},
        {std::regex("^(sqlite3\\.h|SQLiteCpp/.*)"), "sqlite"},
        {std::regex("^(mqtt/.*|MQTT.*)"), "paho"},
        {std::regex("^nfc/.*"), "nfc"},
        {std::regex("^libpq-fe.h"), "pq"},
        {std::regex("^sodium.*"), "sodium"},
        {std::regex("^openssl/.*"), "openssl"},
        {std::regex("^qrcodegen/.*"), "qrcodegen"},
        {std::regex("^nlohmann/.*"), "json"},
        {std::regex("^toml\\+\\+/.*"), "toml"},
        {std::regex("^CLI/.*"), "cli11"},
        {std::regex("^spdlog/.*"), "spdlog"},
        {std::regex("^boost/.*"), "boost"},
        {std::regex("^cbor\\.h$"), "cbor"},
        {std::regex("^z(std|std_errors|dict)\\.h$"), "zstd"},
        {std::regex("^(thread|mutex|shared_mutex|condition_variable|future|stop_token|semaphore)$"),
         "threads"},
        {std::regex("^[a-z_0-9]+$"), ""},
        {std::regex(".*"), "posix"},
    };
    for (const auto& [pattern, library] : kLibraries) {
        if (std::regex_match(header, pattern)) {
            return library;
        }
    }
    return "posix";
}

std::string judge(const std::string& folder, const Rule& rule, const std::string& owner,
                  const std::string& quote, const std::string& header) {
    if (quote == "<") {
        const std::string library = libraryOf(header);
        return library.empty() || rule.libraries.count(library) > 0 ? "" : "library " + library;
    }
    if (isBelow(header, owner) || isBelow(header, folder)) {
        return "";
    }
    const bool allowed = std::any_of(rule.folders.begin(), rule.folders.end(),
                                     [&](const std::string& f) { return isBelow(header, f); });
    return allowed ? "" : "folder";
}

TEST(Architecture, EveryIncludeIsAllowedByTheTable) {
    const fs::path root(TAPPORT_SOURCE_DIR);
    const auto rules = readRules(root / "tests/architecture/includes.txt");
    const std::regex include(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
    std::size_t files = 0;

    for (const std::string top : {"sync", "hardware", "firmware-app", "qml"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const auto extension = entry.path().extension();
            if (extension != ".h" && extension != ".cpp") {
                continue;
            }
            ++files;
            const fs::path path = fs::relative(entry.path(), root);
            const auto* found = ruleFor(rules, path.parent_path());
            ASSERT_NE(found, nullptr) << path << ": its folder is not in includes.txt";
            std::ifstream in(entry.path());
            for (std::string line; std::getline(in, line);) {
                std::smatch match;
                if (!std::regex_search(line, match, include)) {
                    continue;
                }
                const std::string trouble = judge(path.parent_path().generic_string(),
                                                  found->second, found->first, match[1], match[2]);
                EXPECT_EQ(trouble, "") << path << " must not include " << match[2];
            }
        }
    }
    EXPECT_GT(files, 20U);
}

TEST(Architecture, EveryFileNamesItsLicence) {
    const fs::path root(TAPPORT_SOURCE_DIR);
    const std::set<std::string> kinds{".h",  ".cpp", ".qml", ".cmake",
                                      ".sh", ".txt", ".md",  ".cddl"};

    for (const std::string top :
         {"sync", "hardware", "firmware-app", "qml", "tests", "packaging"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const fs::path path = fs::relative(entry.path(), root);
            const bool isFixture = isBelow(path.generic_string(), "tests/fixtures");
            if (!entry.is_regular_file() || isFixture ||
                kinds.count(path.extension().string()) == 0) {
                continue;
            }
            std::ifstream in(entry.path());
            std::string head(400, '\0');
            in.read(head.data(), static_cast<std::streamsize>(head.size()));
            EXPECT_NE(head.find("SPDX-License-Identifier: GPL-3.0-or-later"), std::string::npos)
                << path;
        }
    }
}

TEST(Architecture, TopLevelHoldsOnlyWhatIsPlanned) {
    const std::set<std::string> planned{
        "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "firmware-app", "qml",
        "sync",           "hardware",          "tests",   "packaging"};
    const std::set<std::string> ignored{"build"};  // stands in .gitignore

    for (const auto& entry : fs::directory_iterator(fs::path(TAPPORT_SOURCE_DIR))) {
        const std::string name = entry.path().filename().string();
        EXPECT_TRUE(name.front() == '.' || planned.count(name) > 0 || ignored.count(name) > 0)
            << name;
    }
}

/// Targets of [text](target), without their #anchor, that are no address on the web.
std::vector<std::string> fileLinks(const std::string& markdown) {
    const std::regex link(R"re(\]\(([^)\s#]+)(#[^)\s]*)?\))re");
    std::vector<std::string> targets;
    for (std::sregex_iterator it(markdown.begin(), markdown.end(), link), end; it != end; ++it) {
        const std::string target = (*it)[1];
        if (target.find(':') == std::string::npos) {
            targets.push_back(target);
        }
    }
    return targets;
}

TEST(Architecture, EveryLinkInAReadmeLeadsToAFile) {
    const fs::path root(TAPPORT_SOURCE_DIR);
    std::vector<fs::path> pages{root / "README.md"};
    for (const std::string top :
         {"sync", "hardware", "firmware-app", "qml", "tests", "packaging"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            if (entry.path().extension() == ".md") {
                pages.push_back(entry.path());
            }
        }
    }

    for (const fs::path& page : pages) {
        std::ifstream in(page);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        for (const std::string& target : fileLinks(text)) {
            EXPECT_TRUE(fs::exists(page.parent_path() / target))
                << fs::relative(page, root) << " links to " << target;
        }
    }
}

TEST(Architecture, LinksAreTakenFromMarkdownWithoutAnchorsAndAddresses) {
    EXPECT_EQ(fileLinks("![a](b.png) [c](d/e.md#f) [g](#h) [i](https://example.com/j)"),
              (std::vector<std::string>{"b.png", "d/e.md"}));
}

// The table must be able to fail.
TEST(Architecture, TheTableCatchesAForbiddenInclude) {
    const Rule pure{{"sync/base"}, {}};

    EXPECT_NE(judge("sync/wire", pure, "sync/wire", "<", "mqtt/client.h"), "");
    EXPECT_NE(judge("sync/wire", pure, "sync/wire", "<", "thread"), "");
    EXPECT_NE(judge("sync/wire", pure, "sync/wire", "\"", "sync/hub/store/store.h"), "");
    EXPECT_EQ(judge("sync/wire", pure, "sync/wire", "\"", "sync/base/bytes.h"), "");
    EXPECT_EQ(judge("sync/wire", pure, "sync/wire", "<", "vector"), "");
}

}  // namespace
