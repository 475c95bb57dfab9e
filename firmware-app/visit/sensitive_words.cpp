// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/sensitive_words.h"

#include "firmware-app/visit/sensitive_lists.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace tapport::visit {
namespace {

constexpr std::array kTopics{SensitiveTopic::Health,   SensitiveTopic::Politics,
                             SensitiveTopic::Religion, SensitiveTopic::Ethnicity,
                             SensitiveTopic::Union,    SensitiveTopic::Insult};

struct Word {
    SensitiveTopic topic;
    std::string text;
    bool isStem;
};

/// Small letters, of ASCII and of Latin-1 in UTF-8 (C3 80-9E, without the multiplication sign).
std::string folded(std::string_view text) {
    std::string small(text);
    for (std::size_t i = 0; i < small.size(); ++i) {
        const auto octet = static_cast<unsigned char>(small[i]);
        const bool isAfterC3 = i > 0 && static_cast<unsigned char>(small[i - 1]) == 0xC3;
        const bool isLatin = isAfterC3 && octet >= 0x80 && octet <= 0x9E && octet != 0x97;
        if ((octet >= 'A' && octet <= 'Z') || isLatin) {
            small[i] = static_cast<char>(octet + 0x20);
        }
    }
    return small;
}

/// A letter or a part of one beyond ASCII.
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Calls `take` with each run of characters for which `belongs` holds.
template <typename Belongs, typename Take>
void split(std::string_view text, Belongs belongs, Take take) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && belongs(text[end])) {
            ++end;
        }
        if (end > at) {
            take(text.substr(at, end - at));
        }
        at = end + 1;
    }
}

std::optional<SensitiveTopic> topicNamed(std::string_view name) {
    const auto found = std::find_if(kTopics.begin(), kTopics.end(),
                                    [&](SensitiveTopic topic) { return nameOf(topic) == name; });
    return found == kTopics.end() ? std::nullopt : std::optional(*found);
}

/// "health: ill cancer* ...": an asterisk makes it a stem; lines with # are comments.
std::vector<Word> wordsOf(std::string_view list) {
    std::vector<Word> words;
    split(
        list, [](char c) { return c != '\n'; },
        [&](std::string_view line) {
            const std::size_t colon = line.find(':');
            const auto topic = topicNamed(line.substr(0, colon));
            if (!topic || colon == std::string_view::npos) {
                return;
            }
            split(
                line.substr(colon + 1), [](char c) { return c != ' '; },
                [&](std::string_view word) {
                    const bool isStem = word.back() == '*';
                    word.remove_suffix(isStem ? 1 : 0);
                    words.push_back({*topic, folded(word), isStem});
                });
        });
    return words;
}

const std::vector<Word>& allWords() {
    static const std::vector<Word> kWords = [] {
        std::vector<Word> all;
        for (const std::string_view list : kSensitiveLists) {
            const std::vector<Word> words = wordsOf(list);
            all.insert(all.end(), words.begin(), words.end());
        }
        return all;
    }();
    return kWords;
}

}  // namespace

std::string_view nameOf(SensitiveTopic topic) {
    switch (topic) {
        case SensitiveTopic::Health:
            return "health";
        case SensitiveTopic::Politics:
            return "politics";
        case SensitiveTopic::Religion:
            return "religion";
        case SensitiveTopic::Ethnicity:
            return "ethnicity";
        case SensitiveTopic::Union:
            return "union";
        case SensitiveTopic::Insult:
            return "insult";
    }
    return {};
}

std::set<SensitiveTopic> sensitiveTopics(std::string_view text) {
    std::set<SensitiveTopic> topics;
    const std::string small = folded(text);
    split(small, isLetter, [&](std::string_view written) {
        for (const Word& word : allWords()) {
            if (written == word.text || (word.isStem && written.starts_with(word.text))) {
                topics.insert(word.topic);
            }
        }
    });
    return topics;
}

}  // namespace tapport::visit
