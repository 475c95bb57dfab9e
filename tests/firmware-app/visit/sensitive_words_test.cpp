// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/sensitive_words.h"

#include <gmock/gmock.h>

namespace tapport::visit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Case {
    const char* note;
    SensitiveTopic topic;
};

class SensitiveNote : public ::testing::TestWithParam<Case> {};

TEST_P(SensitiveNote, NamesItsTopic) {
    EXPECT_THAT(sensitiveTopics(GetParam().note), ElementsAre(GetParam().topic));
}

INSTANTIATE_TEST_SUITE_P(
    English, SensitiveNote,
    ::testing::Values(Case{"Has DIABETES, call later.", SensitiveTopic::Health},
                      Case{"his wife is pregnant", SensitiveTopic::Health},
                      Case{"A Republican, he says", SensitiveTopic::Politics},
                      Case{"goes to church", SensitiveTopic::Religion},
                      Case{"speaks like an immigrant", SensitiveTopic::Ethnicity},
                      Case{"on strike next week", SensitiveTopic::Union},
                      Case{"What an idiot!", SensitiveTopic::Insult}));
INSTANTIATE_TEST_SUITE_P(German, SensitiveNote,
                         ::testing::Values(Case{"Ist seit Mai krank", SensitiveTopic::Health},
                                           Case{"GEHÖRLOS, bitte schreiben",
                                                SensitiveTopic::Health},
                                           Case{"wählt die AfD", SensitiveTopic::Politics},
                                           Case{"trägt ein Kopftuch", SensitiveTopic::Religion},
                                           Case{"Flüchtlinge im Team", SensitiveTopic::Ethnicity},
                                           Case{"Gewerkschafter", SensitiveTopic::Union},
                                           Case{"Ein ÜBLER Schwätzer", SensitiveTopic::Insult}));

TEST(SensitiveNotes, OfOrdinaryWorkAreNone) {
    for (const char* const note :
         {"", "Replaces 40 machines in the second hall next spring; needs the data sheet first.",
          "Wants a demo of the union joint, size 12; third party controller.",
          "Skill level: beginner. Healthy budget, will decide this year.",
          "Möchte das Datenblatt und einen Termin im März, Ersatzteile für Halle 3.",
          "Streikpotenzial? Nein: die Steuerung bleibt stehen, Kranbahn zu schwach."}) {
        EXPECT_THAT(sensitiveTopics(note), IsEmpty()) << note;
    }
}

TEST(SensitiveNotes, MayTouchSeveralTopics) {
    EXPECT_THAT(sensitiveTopics("krank und im Betriebsrat"),
                ElementsAre(SensitiveTopic::Health, SensitiveTopic::Union));
}

}  // namespace
}  // namespace tapport::visit
