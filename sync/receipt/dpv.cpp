// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/dpv.h"

namespace tapport::receipt {

std::string_view statusTerm(const record::ConsentEvent& consent, const event::Profile& profile) {
    switch (consent.state) {
        case record::ConsentState::Given:
        case record::ConsentState::Renewed:
            if (profile.doubleOptIn.contains(consent.channel)) {
                return "dpv:ConsentRequested";
            }
            return consent.state == record::ConsentState::Given ? "dpv:ConsentGiven"
                                                                : "dpv:RenewedConsentGiven";
        case record::ConsentState::Confirmed:
            return "dpv:ConsentGiven";
        case record::ConsentState::Refused:
            return consent.method == record::Method::Timeout ? "dpv:ConsentRequestDeferred"
                                                             : "dpv:ConsentRefused";
        case record::ConsentState::Withdrawn:
        case record::ConsentState::Objected:
        case record::ConsentState::Erased:
            return "dpv:ConsentWithdrawn";
        case record::ConsentState::Expired:
            return "dpv:ConsentExpired";
        case record::ConsentState::Revoked:
            return "dpv:ConsentRevoked";
        case record::ConsentState::Invalidated:
            return "dpv:ConsentInvalidated";
    }
    return "dpv:ConsentUnknown";
}

std::string_view termOf(record::ExpressedBy by) {
    switch (by) {
        case record::ExpressedBy::Subject:
            return "dpv:DataSubject";
        case record::ExpressedBy::Guardian:
            return "dpv:GuardianOfDataSubject";
        case record::ExpressedBy::Controller:
            return "dpv:DataController";
        case record::ExpressedBy::Authority:
            return "dpv:Authority";
    }
    return "dpv:DataSubject";
}

std::string_view termOf(event::PersonalData data) {
    switch (data) {
        case event::PersonalData::Name:
            return "pd:Name";
        case event::PersonalData::Company:
            return "pd:CurrentEmployment";
        case event::PersonalData::Email:
            return "pd:EmailAddress";
        case event::PersonalData::Phone:
            return "pd:TelephoneNumber";
        case event::PersonalData::Address:
            return "pd:PhysicalAddress";
        case event::PersonalData::Conversations:
            return "pd:Communication";
    }
    return "dpv:PersonalData";
}

event::PersonalData neededFor(record::Channel channel) {
    switch (channel) {
        case record::Channel::Phone:
        case record::Channel::Sms:
        case record::Channel::Messenger:
            return event::PersonalData::Phone;
        case record::Channel::Post:
            return event::PersonalData::Address;
        case record::Channel::Email:
            break;
    }
    return event::PersonalData::Email;
}

}  // namespace tapport::receipt
